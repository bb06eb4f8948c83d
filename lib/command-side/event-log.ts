import type { Metric } from 'aws-cdk-lib/aws-cloudwatch';
import { AttributeType, Operation, StreamViewType, type Table } from 'aws-cdk-lib/aws-dynamodb';
import { Grant, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { ContextName } from '../../schema/contexts.ts';
import { eventLogTable, segmentTable, snapshotTable } from '../../schema/tables.ts';
import { addAlarm } from '../operations/alarm.ts';
import { addThrottledAlarm, tablePeriod } from '../operations/table-throttled.ts';
import { DataTable } from '../platform/data-table.ts';
import type { StageConfig } from '../platform/stages.ts';

/** The append-only log, with one item per commit, and what is derived from it: snapshots of its streams, and sealed segments. */
export class EventLog extends Construct {
  /** Its DynamoDB stream carries every commit to the publisher. */
  readonly table: Table;
  /** A separate table, so that snapshots do not enter the log's DynamoDB stream. */
  readonly snapshots: Table;
  /** Sealed history of long streams: copies of their events. */
  readonly segments: Table;
  /** Calls that DynamoDB throttled. */
  readonly throttledWrites: Metric;
  readonly throttledReads: Metric;

  constructor(scope: Construct, id: string, props: { readonly protectData: boolean }) {
    super(scope, id);
    this.table = new DataTable(this, 'Table', {
      ...props,
      ...eventLogTable,
      sortKeyType: AttributeType.NUMBER,
      stream: StreamViewType.NEW_IMAGE,
    });
    this.snapshots = new DataTable(this, 'Snapshots', { ...props, ...snapshotTable });
    this.segments = new DataTable(this, 'Segments', { ...props, ...segmentTable });
    const sum = { period: tablePeriod, statistic: 'Sum' };
    this.throttledWrites = this.table.metric('WriteThrottleEvents', sum);
    this.throttledReads = this.table.metric('ReadThrottleEvents', sum);
    addThrottledAlarm(this, 'WritesThrottled', 'Commands are late or fail', this.throttledWrites);
    addThrottledAlarm(this, 'ReadsThrottled', 'Commands and read models are late', this.throttledReads);
    addAlarm(this, 'Failing', {
      description:
        'Commands are late or fail: for ten minutes, DynamoDB has had internal errors on appends to the log.',
      runbook: 'log-failing',
      metric: this.table.metric('SystemErrors', {
        ...sum,
        dimensionsMap: { TableName: this.table.tableName, Operation: Operation.PUT_ITEM },
      }),
      above: 0,
      periods: 2,
    });
  }

  /** Grants reading streams. */
  grantRead(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:Query');
  }

  /** Grants reading the whole log. */
  grantScan(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:Scan');
  }

  /** Grants reading single commits. */
  grantReadCommits(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:GetItem');
  }

  /** Grants reading sealed history, and single commits: they prove that it fits the log. */
  grantReadSegments(grantee: IGrantable): void {
    this.grantReadCommits(grantee);
    this.segments.grant(grantee, 'dynamodb:GetItem', 'dynamodb:Query');
  }

  /** Grants deleting snapshots and sealed history. It does not allow to write them: commands are decided on what they have. */
  grantForget(grantee: IGrantable): void {
    this.snapshots.grant(grantee, 'dynamodb:Scan', 'dynamodb:DeleteItem');
    this.segments.grant(grantee, 'dynamodb:Scan', 'dynamodb:DeleteItem');
  }

  /** Grants copying streams into segments. */
  grantSeal(grantee: IGrantable): void {
    this.grantRead(grantee);
    this.grantReadSegments(grantee);
    this.segments.grant(grantee, 'dynamodb:PutItem');
  }

  /**
   * Grants what the commands of these categories need: reading streams and snapshots, appending to theirs and replacing their
   * snapshots. `PutItem` also covers transactions. No function may update or delete a commit. IAM cannot ask for the condition
   * that prevents a `PutItem` from replacing one, so the publisher reports every replacement, and hashes show it.
   */
  grantCommands(grantee: IGrantable, categories: readonly ContextName[]): void {
    this.grantRead(grantee);
    this.table.grant(grantee, 'dynamodb:GetItem');
    this.snapshots.grant(grantee, 'dynamodb:GetItem');
    Grant.addToPrincipal({
      grantee,
      actions: ['dynamodb:PutItem'],
      // Commands are decided on the state in a snapshot, so a function must not write those of other categories.
      resourceArns: [this.table.tableArn, this.snapshots.tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': categories.map((category) => `${category}/*`) },
        // A condition "for all values" is also true if there are none.
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
  }

  /** The environment of a function that carries out commands. */
  commandEnvironment({ snapshotThreshold }: StageConfig): Record<string, string> {
    return {
      EVENT_LOG_TABLE: this.table.tableName,
      SNAPSHOT_TABLE: this.snapshots.tableName,
      SNAPSHOT_THRESHOLD: String(snapshotThreshold),
    };
  }
}
