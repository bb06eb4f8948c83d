import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { controlTable, parkedTable } from '../../schema/tables.ts';
import { tableProtection } from '../platform/protection.ts';

/** Facts about the running system, and what consumers parked. */
export class Control extends Construct {
  /** Active generations, the progress of consumers, the key that signs cursors. */
  readonly table: Table;
  /** What consumers could not process, with the reason, until a redrive succeeds. */
  readonly parked: Table;

  constructor(scope: Construct, id: string, props: { readonly protectData: boolean }) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      partitionKey: { name: controlTable.partitionKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...tableProtection(props.protectData),
    });
    this.parked = new Table(this, 'Parked', {
      partitionKey: { name: parkedTable.partitionKey, type: AttributeType.STRING },
      sortKey: { name: parkedTable.sortKey, type: AttributeType.STRING },
      billingMode: BillingMode.PAY_PER_REQUEST,
      ...tableProtection(props.protectData),
    });
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
