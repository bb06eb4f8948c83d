import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Operation, ProjectionType, type Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ContextEntry, ReadModelContents } from '../../schema/contexts.ts';
import { listIndex, readModelTable } from '../../schema/tables.ts';
import { addThrottledAlarm, tablePeriod } from '../operations/table-throttled.ts';
import { acknowledgeAllBelow } from '../platform/acknowledge.ts';
import { DataTable } from '../platform/data-table.ts';

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

export interface ReadModelProps extends Pick<ContextEntry, 'lists' | 'contents' | 'userImpact'> {
  /** Retains the rows, and protects them from deletion. */
  readonly protectData: boolean;
}

/**
 * The rows that answer one context's queries, in one or more generations. They are derived from the log alone: the rebuilder makes them
 * again.
 */
export class ReadModel extends Construct {
  readonly table: Table;
  readonly #contents: ReadModelContents;
  /** Writes of rows that DynamoDB throttled, because of the table or of an index. */
  readonly throttledRows: Metric;

  constructor(scope: Construct, id: string, { lists, contents, userImpact, protectData }: ReadModelProps) {
    super(scope, id);
    this.#contents = contents;
    this.table = new DataTable(this, 'Table', { protectData, ...readModelTable });
    for (const list of lists) {
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
    addThrottledAlarm(this, 'Throttled', userImpact, this.throttledRows);
  }

  /** Grants answering queries, including those for lists. */
  grantRead(grantee: IGrantable): void {
    this.#grant(grantee, readActions[this.#contents]);
    this.grantList(grantee, '*');
    const reason =
      'Queries read every list of the read model, and each list is an index. Indexes added later are lists too.';
    acknowledgeAllBelow(grantee, this.table, '/index/*', reason);
  }

  /** Grants reading a list. Its index has keys only, so the rows are read from the table. */
  grantList(grantee: IGrantable, list: string): void {
    this.#grant(grantee, ['dynamodb:Query'], `/index/${list}`);
    this.#grant(grantee, ['dynamodb:BatchGetItem']);
  }

  /** Grants folding events into rows. */
  grantProject(grantee: IGrantable): void {
    this.#grant(grantee, ['dynamodb:BatchGetItem', ...writeActions[this.#contents]]);
  }

  /** Grants reading all generations, filling one, and deleting one. */
  grantRebuild(grantee: IGrantable): void {
    const actions = ['dynamodb:Scan', 'dynamodb:BatchGetItem', 'dynamodb:PutItem', 'dynamodb:BatchWriteItem'];
    this.#grant(grantee, actions);
  }

  /** Grants comparing what is stored with the log. */
  grantVerify(grantee: IGrantable): void {
    this.#grant(grantee, ['dynamodb:Scan', 'dynamodb:Query', 'dynamodb:BatchGetItem']);
  }

  /** Grants replacing what is stored of single streams. */
  grantRepair(grantee: IGrantable): void {
    this.#grant(grantee, [
      'dynamodb:Query',
      'dynamodb:BatchGetItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
    ]);
  }

  /** Grants saving rows that were read from a list. */
  grantSaveRows(grantee: IGrantable): void {
    this.#grant(grantee, ['dynamodb:PutItem']);
  }

  /** `Table.grant` would allow the actions on the indexes too, where most of them have no meaning. */
  #grant(grantee: IGrantable, actions: string[], path = ''): void {
    Grant.addToPrincipal({ grantee, actions, resourceArns: [`${this.table.tableArn}${path}`] });
  }
}
