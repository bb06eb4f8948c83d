import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { controlTable, parkedTable } from '../../schema/tables.ts';
import { DataTable } from '../platform/data-table.ts';

/** Two tables: facts about the running system, and what consumers parked. */
export class Control extends Construct {
  /** The progress of consumers, the places of runs, and the key that signs cursors. */
  readonly table: Table;
  /** What consumers could not process, with the reason, until a redrive succeeds. */
  readonly parked: Table;

  constructor(scope: Construct, id: string, props: { readonly protectData: boolean }) {
    super(scope, id);
    this.table = new DataTable(this, 'Table', { ...props, ...controlTable });
    this.parked = new DataTable(this, 'Parked', { ...props, ...parkedTable });
  }

  /** Grants reading and writing facts other than progress. */
  grantFacts(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  /** Grants recording the function's own progress. */
  grantProgress(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:UpdateItem');
  }

  /** Grants listing what is parked. */
  grantReadParked(grantee: IGrantable): void {
    this.parked.grant(grantee, 'dynamodb:Query');
  }

  /** Grants parking. */
  grantPark(grantee: IGrantable): void {
    this.parked.grant(grantee, 'dynamodb:PutItem');
  }

  /** Grants parking, listing what is parked, and deleting what a redrive has processed. */
  grantRedrive(grantee: IGrantable): void {
    this.grantReadParked(grantee);
    this.grantPark(grantee);
    this.parked.grant(grantee, 'dynamodb:DeleteItem');
  }
}
