import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { personIndexTable } from '../../schema/tables.ts';
import { DataTable } from '../platform/data-table.ts';

/**
 * The index by which persons are found: HMACs of their identifiers, and random ids. Nothing else has the links of streams to
 * persons, so it is retained and backed up like other data. A backup brings no name back: the key of the HMACs tells only who knows the identifier.
 */
export class PersonIndex extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: { readonly protectData: boolean }) {
    super(scope, id);
    this.table = new DataTable(this, 'Table', { ...props, ...personIndexTable });
  }

  /** The environment of a function that uses the index. */
  get environment(): Record<string, string> {
    return { PERSON_INDEX_TABLE: this.table.tableName };
  }

  /** Grants finding persons and their streams. */
  grantRead(grantee: IGrantable): void {
    this.table.grant(grantee, 'dynamodb:GetItem', 'dynamodb:Query');
  }

  /** Grants linking streams to persons. A link is a transaction, which also removes the link of before. */
  grantLink(grantee: IGrantable): void {
    this.table.grant(
      grantee,
      'dynamodb:GetItem',
      'dynamodb:PutItem',
      'dynamodb:DeleteItem',
      'dynamodb:ConditionCheckItem',
    );
  }

  /** Grants finding persons, and removing their entries and links. */
  grantRemove(grantee: IGrantable): void {
    this.grantRead(grantee);
    this.grantLink(grantee);
  }
}
