import { AttributeType, BillingMode, Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { controlTable, parkedTable } from '../../schema/tables.ts';
import { tableProtection } from '../platform/protection.ts';

/** What the running system knows about itself: small shared facts, and what its consumers set aside. */
export class Control extends Construct {
  /** Active generations, the progress of consumers, the key that signs cursors. */
  readonly table: Table;
  /** What a consumer could not take, with the reason, until it is redriven. */
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

  /** To read facts, and to make those that are made once. */
  grantReadOrMake(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:PutItem');
  }

  /** To note one's own progress. */
  grantProgress(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:UpdateItem');
  }

  /** To tell what is parked. */
  grantReadParked(grantee: IGrantable): void {
    this.parked.grant(grantee, 'dynamodb:Query');
  }

  /** To set something aside. */
  grantPark(grantee: IGrantable): void {
    this.parked.grant(grantee, 'dynamodb:PutItem');
  }

  /** To set aside, look through, and clear what is taken after all. */
  grantRedrive(grantee: IGrantable): void {
    this.grantReadParked(grantee);
    this.grantPark(grantee);
    this.parked.grant(grantee, 'dynamodb:DeleteItem');
  }
}
