import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { removalPolicy } from './protection.ts';
import type { StageConfig } from './stages.ts';
import { storageKeyOf } from './storage-key.ts';

/** A log group with the retention of the stage, encrypted by the storage key of the stage if it has one, else by CloudWatch Logs. */
export class DataLogGroup extends LogGroup {
  constructor(
    scope: Construct,
    id: string,
    { logRetention, protectData }: Pick<StageConfig, 'logRetention' | 'protectData'>,
  ) {
    const encryptionKey = storageKeyOf(scope);
    super(scope, id, {
      retention: logRetention,
      removalPolicy: removalPolicy(protectData),
      ...(encryptionKey !== undefined && { encryptionKey }),
    });
  }
}
