import type { ResourceType } from '../world.ts';
import { optionalText, requiredText } from './properties.ts';

/** AWS::KMS::Key, a symmetric one. The key is never deleted or rotated here. */
export const kmsKey: ResourceType = {
  properties: ['Description'],
  ignored: ['EnableKeyRotation', 'KeyPolicy', 'PendingWindowInDays'],
  create: ({ physicalName, properties }, { kms }) => {
    const { id, arn } = kms.createKey(physicalName, optionalText(properties, 'Description') ?? '');
    return { ref: id, attributes: { Arn: arn, KeyId: id } };
  },
};

/** AWS::KMS::Alias. */
export const kmsAlias: ResourceType = {
  properties: ['AliasName', 'TargetKeyId'],
  ignored: [],
  create: ({ properties }, { kms }) => {
    const name = requiredText(properties, 'AliasName');
    kms.createAlias(name, requiredText(properties, 'TargetKeyId'));
    return { ref: name, attributes: {} };
  },
};
