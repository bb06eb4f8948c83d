import { accountId } from '../../aws-json.ts';
import type { ResourceType } from '../world.ts';

/** AWS::IAM::Role. The host itself allows every call; see `HostOptions.interceptCalls`. */
export const iamRole: ResourceType = {
  properties: [],
  ignored: ['AssumeRolePolicyDocument', 'Description'],
  create: ({ physicalName }) => ({
    ref: physicalName,
    attributes: { Arn: `arn:aws:iam::${accountId}:role/${physicalName}` },
  }),
};

/** AWS::IAM::Policy, of roles. */
export const iamPolicy: ResourceType = {
  properties: ['PolicyDocument', 'Roles'],
  ignored: ['PolicyName'],
  create: ({ logicalId, properties }, { roles }) => {
    for (const role of properties['Roles'] as string[]) roles.attach(role, properties['PolicyDocument']);
    return { ref: logicalId, attributes: {} };
  },
};
