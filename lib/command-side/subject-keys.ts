import { Duration } from 'aws-cdk-lib';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';
import { subjectKeyTable } from '../../schema/tables.ts';
import { DataTable } from '../platform/data-table.ts';
import { removalPolicy } from '../platform/protection.ts';

/**
 * How long a deleted key can be restored from the backup of its table, in days: from 1 to 35. An erasure is final after it, so it is
 * short. It is long enough to notice over a weekend that keys are missing.
 */
export const keyRecoveryDays = 7;

/** How long KMS waits before it deletes the key that wraps, in days: its minimum and its maximum. After it, all personal data is unreadable. */
const pendingDays = { min: 7, max: 30 };

export interface SubjectKeysProps {
  readonly stage: string;
  readonly protectData: boolean;
}

/**
 * The data keys of persons. The table has them wrapped by a key of KMS, which never leaves KMS. An item that is deleted makes what
 * the key has encrypted unreadable, so only the eraser may delete one. The table has no stream, and no other copy than its backup.
 */
export class SubjectKeys extends Construct {
  readonly table: Table;
  readonly wrappingKey: Key;

  constructor(scope: Construct, id: string, { stage, protectData }: SubjectKeysProps) {
    super(scope, id);
    this.table = new DataTable(this, 'Table', {
      ...subjectKeyTable,
      protectData,
      recoveryDays: keyRecoveryDays,
    });
    this.wrappingKey = new Key(this, 'WrappingKey', {
      alias: `streamfold-${stage}-subject-keys`,
      description: `Wraps the data keys of persons of Streamfold's stage ${stage}`,
      enableKeyRotation: true,
      pendingWindow: Duration.days(protectData ? pendingDays.max : pendingDays.min),
      removalPolicy: removalPolicy(protectData),
    });
  }

  /** The environment of a function that uses keys. */
  get environment(): Record<string, string> {
    return { SUBJECT_KEY_TABLE: this.table.tableName, SUBJECT_KMS_KEY_ARN: this.wrappingKey.keyArn };
  }

  /** Grants finding keys, to decrypt and encrypt with them. It does not allow to create one. */
  grantUse(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:GetItem');
    this.#grantKms(grantee, 'kms:Decrypt');
  }

  /** Grants finding many keys at once, for views of lists. */
  grantUseMany(grantee: IGrantable): void {
    this.grantUse(grantee);
    this.table.grant(grantee, 'dynamodb:BatchGetItem');
  }

  /**
   * Grants finding and creating keys. `PutItem` could also replace one: IAM cannot ask for the condition that prevents it, as with
   * commits of the log.
   */
  grantCreate(grantee: IGrantable): void {
    this.grantUse(grantee);
    this.table.grant(grantee, 'dynamodb:PutItem');
    this.#grantKms(grantee, 'kms:GenerateDataKey');
  }

  /** Grants destroying keys, and listing them by age. Only the eraser has it. It does not allow to decrypt anything. */
  grantDestroy(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:Scan', 'dynamodb:DeleteItem');
  }

  /** In the policy of the role alone: the policy of the key lets the policies of the account decide. */
  #grantKms(grantee: IGrantable, action: string): void {
    Grant.addToPrincipal({ grantee, actions: [action], resourceArns: [this.wrappingKey.keyArn] });
  }
}
