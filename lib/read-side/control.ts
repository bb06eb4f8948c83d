import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { controlTable, parkedTable } from '../../schema/tables.ts';
import { DataTable } from '../platform/data-table.ts';

/** Facts about the running system, and what consumers parked. */
export class Control extends Construct {
  /** Active generations, the progress of consumers, the key that signs cursors. */
  readonly table: Table;
  /** What consumers could not process, with the reason, until a redrive succeeds. */
  readonly parked: Table;

  constructor(scope: Construct, id: string, props: { readonly protectData: boolean }) {
    super(scope, id);
    this.table = new DataTable(this, 'Table', { ...props, ...controlTable });
    this.parked = new DataTable(this, 'Parked', { ...props, ...parkedTable });
  }

  /** To read facts, and to create those that are created once. */
  grantReadOrMake(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  /** To record the function's own progress. */
  grantProgress(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:UpdateItem');
  }

  /** To list what is parked. */
  grantReadParked(grantee: IGrantable): void {
    this.parked.grant(grantee, 'dynamodb:Query');
  }

  /** To park something. */
  grantPark(grantee: IGrantable): void {
    this.parked.grant(grantee, 'dynamodb:PutItem');
  }

  /** To park, to list what is parked, and to delete what a redrive processed. */
  grantRedrive(grantee: IGrantable): void {
    this.grantReadParked(grantee);
    this.grantPark(grantee);
    this.parked.grant(grantee, 'dynamodb:DeleteItem');
  }
}
