import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { controlTable, parkedTable, waitingTable } from '../../schema/tables.ts';
import { DataTable } from '../platform/data-table.ts';

/** Three tables: facts about the running system, what consumers parked, and what waits for a destination. */
export class Control extends Construct {
  /** The progress of consumers, the places of runs, the generations of read models, and the key that signs cursors. */
  readonly table: Table;
  /** What consumers could not process, with the reason, until a redrive succeeds. */
  readonly parked: Table;
  /** The commits that wait until a destination of the publisher accepts them. */
  readonly waiting: Table;

  constructor(scope: Construct, id: string, props: { readonly protectData: boolean }) {
    super(scope, id);
    this.table = new DataTable(this, 'Table', { ...props, ...controlTable });
    this.parked = new DataTable(this, 'Parked', { ...props, ...parkedTable });
    this.waiting = new DataTable(this, 'Waiting', { ...props, ...waitingTable });
  }

  /** Grants reading and writing facts other than progress. */
  grantFacts(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  /** Grants reading the progress of consumers, and the generations of read models. */
  grantReadFacts(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:GetItem');
  }

  /** Grants recording the function's own progress. */
  grantProgress(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:UpdateItem');
  }

  /** Grants listing what is parked. */
  grantReadParked(grantee: IGrantable): void {
    this.parked.grant(grantee, 'dynamodb:Query');
  }

  /** Grants parking, and listing what is parked. */
  grantPark(grantee: IGrantable): void {
    this.grantReadParked(grantee);
    this.parked.grant(grantee, 'dynamodb:PutItem');
  }

  /** Grants parking, listing what is parked, and deleting what a redrive has processed. */
  grantRedrive(grantee: IGrantable): void {
    this.grantPark(grantee);
    this.parked.grant(grantee, 'dynamodb:DeleteItem');
  }

  /** Grants listing what waits. */
  grantReadWaiting(grantee: IGrantable): void {
    this.waiting.grant(grantee, 'dynamodb:Query');
  }

  /** Grants letting commits wait, listing and removing them. */
  grantWait(grantee: IGrantable): void {
    this.grantReadWaiting(grantee);
    this.waiting.grant(grantee, 'dynamodb:BatchWriteItem');
  }
}
