import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, BillingMode, Operation, ProjectionType, Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { listIndex, readModelTable } from '../../schema/tables.ts';
import { addThrottledAlarm, tablePeriod } from '../operations/table-throttled.ts';
import { acknowledgeAllBelow } from '../platform/acknowledge.ts';
import { tableProtection } from '../platform/protection.ts';

const { partitionKey, sortKey } = readModelTable;

/**
 * What a read model consists of: rows; rows, each with a history of lines that are only added to; or items that change,
 * behind rows that their projector alone reads.
 */
export type ReadModelContents = 'rows' | 'rows-with-history' | 'items';

const readActions: Readonly<Record<ReadModelContents, string[]>> = {
  rows: ['dynamodb:GetItem'],
  'rows-with-history': ['dynamodb:GetItem', 'dynamodb:Query'],
  items: ['dynamodb:Query'],
};

const writeActions: Readonly<Record<ReadModelContents, string[]>> = {
  rows: ['dynamodb:PutItem'],
  'rows-with-history': ['dynamodb:PutItem', 'dynamodb:BatchWriteItem'],
  items: ['dynamodb:PutItem'],
};

export interface ReadModelProps {
  /** Retain the rows, and protect them from deletion. */
  readonly protectData: boolean;
  /** The lists that the rows are in. DynamoDB adds or removes one index a deployment. */
  readonly lists: readonly string[];
  readonly contents: ReadModelContents;
}

/** The rows that one context's queries answer from. They can be built anew from the log at any time. */
export class ReadModel extends Construct {
  readonly table: Table;
  readonly #contents: ReadModelContents;
  /** Rows whose writing DynamoDB refused as too much, for the table's or an index's sake. */
  readonly throttledRows: Metric;

  constructor(scope: Construct, id: string, props: ReadModelProps) {
    super(scope, id);
    this.#contents = props.contents;
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

  /** To answer queries, from all lists too. */
  grantRead(grantee: IGrantable): void {
    this.#grant(grantee, readActions[this.#contents]);
    this.grantList(grantee, '*');
    const reason =
      'Queries go through every list of the read model, each an index; those to come are no less its own.';
    acknowledgeAllBelow(grantee, this.table, '/index/*', reason);
  }

  /** To go through a list. An index has keys only: what it leads to is read from the table. */
  grantList(grantee: IGrantable, list: string): void {
    this.#grant(grantee, ['dynamodb:Query'], `/index/${list}`);
    this.#grant(grantee, ['dynamodb:BatchGetItem']);
  }

  /** To fold events into rows. */
  grantProject(grantee: IGrantable): void {
    this.#grant(grantee, ['dynamodb:BatchGetItem', ...writeActions[this.#contents]]);
  }

  /** `Table.grant` would allow everything on the indexes too, where most of it means nothing. */
  #grant(grantee: IGrantable, actions: string[], path = ''): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [`${this.table.tableArn}${path}`] });
  }
}
