import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Operation, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { listIndex, readModelTable } from '../schema/tables.ts';
import { tableProtection } from './protection.ts';
import { addThrottledAlarm, tablePeriod } from './table-throttled.ts';

const { partitionKey, sortKey } = readModelTable;

export interface ReadModelProps {
  /** Retain the rows, and protect them from deletion. */
  readonly protectData: boolean;
  /** The lists that the rows are in. DynamoDB adds or removes one index a deployment. */
  readonly lists: readonly string[];
}

/** The rows that one context's queries answer from. They can be built anew from the log at any time. */
export class ReadModel extends Construct {
  readonly table: Table;
  /** Rows whose writing DynamoDB refused as too much, for the table's or an index's sake. */
  readonly throttledRows: Metric;

  constructor(scope: Construct, id: string, props: ReadModelProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: partitionKey, type: AttributeType.STRING },
      sortKey: { name: sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...tableProtection(props.protectData),
    });
    for (const list of props.lists) {
      const index = listIndex(list);
      this.table.addGlobalSecondaryIndex({
        indexName: index.name,
        partitionKey: { name: index.partitionKey, type: AttributeType.STRING },
        sortKey: { name: index.sortKey, type: AttributeType.STRING },
        projectionType: ProjectionType.KEYS_ONLY,
      });
    }
    this.throttledRows = this.table.metric('ThrottledRequests', {
      dimensionsMap: { TableName: this.table.tableName, Operation: Operation.PUT_ITEM },
      period: tablePeriod,
      statistic: 'Sum',
    });
    addThrottledAlarm(
      this,
      'Throttled',
      'What queries show of one context is out of date',
      this.throttledRows,
    );
  }

  /** To answer queries, from the index too. */
  grantRead(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query');
  }

  /** To go through a list. */
  grantList(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:BatchGetItem', 'dynamodb:Query');
  }

  /** To fold events into rows. */
  grantProject(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:BatchWriteItem');
  }
}
