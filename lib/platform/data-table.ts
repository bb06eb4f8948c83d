import {
  AttributeType,
  BillingMode,
  type CfnTable,
  type StreamViewType,
  Table,
} from 'aws-cdk-lib/aws-dynamodb';
import type { Construct } from 'constructs';
import { removalPolicy } from './protection.ts';
import { storageKeyOf } from './storage-key.ts';

export interface DataTableProps {
  /** Name of the partition key, which is text. */
  readonly partitionKey: string;
  /** Name of the sort key. */
  readonly sortKey?: string;
  /** Default: text. */
  readonly sortKeyType?: AttributeType;
  /** Retains the table, protects it from deletion, and backs it up to any second of the last `recoveryDays`. */
  readonly protectData: boolean;
  /** How far the backup reaches back, in days: from 1 to 35. Default: 35. */
  readonly recoveryDays?: number;
  /** What the records of the table's stream contain. Default: no stream. */
  readonly stream?: StreamViewType;
}

/** A table that is billed per request, and encrypted by the storage key of the stage if it has one. */
export class DataTable extends Table {
  constructor(scope: Construct, id: string, props: DataTableProps) {
    const {
      partitionKey,
      sortKey,
      sortKeyType = AttributeType.STRING,
      protectData,
      recoveryDays,
      stream,
    } = props;
    super(scope, id, {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      ...(sortKey !== undefined && { sortKey: { name: sortKey, type: sortKeyType } }),
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...(stream !== undefined && { stream }),
      removalPolicy: removalPolicy(protectData),
      deletionProtection: protectData,
      pointInTimeRecoverySpecification: {
        pointInTimeRecoveryEnabled: protectData,
        ...(protectData && recoveryDays !== undefined && { recoveryPeriodInDays: recoveryDays }),
      },
    });
    const key = storageKeyOf(this);
    if (key === undefined) return;
    // The option of the table would also grant consumers of its stream more than `storage-key-grants.ts` does.
    (this.node.defaultChild as CfnTable).sseSpecification = {
      sseEnabled: true,
      sseType: 'KMS',
      kmsMasterKeyId: key.keyArn,
    };
  }
}
