import { accountId } from '../../aws-json.ts';
import type { ResourceHandler } from '../world.ts';
import { optionalText } from './properties.ts';

/** AWS::IAM::Role, with its inline policies. Functions are held to it only where somebody asks for that. */
export const iamRole: ResourceHandler = ({ physicalName, properties }, { roles }) => {
  const name = optionalText(properties, 'RoleName') ?? physicalName;
  const inline = (properties['Policies'] ?? []) as { PolicyDocument?: unknown }[];
  for (const { PolicyDocument } of inline) roles.attach(name, PolicyDocument);
  return { ref: name, attributes: { Arn: `arn:aws:iam::${accountId}:role/${name}`, RoleId: name } };
};

/** AWS::IAM::Policy, of roles. */
export const iamPolicy: ResourceHandler = ({ logicalId, properties }, { roles }) => {
  const names = (properties['Roles'] ?? []) as string[];
  for (const name of names) roles.attach(name, properties['PolicyDocument']);
  return { ref: logicalId, attributes: {} };
};
