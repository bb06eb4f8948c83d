import { AwsError } from '../../aws-error.ts';
import type { AwsClient } from '../../aws-json.ts';
import { type PollOptions, poll } from '../../poll.ts';
import { UserError } from '../../user-error.ts';
import {
  attributesOf,
  type IndexDefinition,
  indexText,
  keysOf,
  type TableDefinition,
  type TableDescription,
} from './table-definition.ts';

/** How long one change may take. A new index is filled from the items: dynoxide answers after it, others before it. */
const changeTimeoutMs = 900_000;
/** DynamoDB Local never finishes deleting an index of a table that has others. Other engines need less than a second. */
const defaultDeleteTimeoutMs = 60_000;
const pollMs = 20;

export interface Migration {
  readonly dynamodb: AwsClient;
  readonly tableName: string;
  /** Told what changes, before it does. */
  readonly say: (line: string) => void;
  /** How long an index may be in deletion. Default: 60 s. */
  readonly deleteTimeoutMs?: number;
}

/**
 * Changes the indexes and the stream of a table from an earlier start to what the template wants, as a deployment to AWS
 * does: indexes that are not wanted are deleted, new ones are made and filled from the items, one after the other. Each change
 * is made whole or not at all, and the next start compares again, so it continues where a killed one ended.
 * @returns the table after the changes
 * @throws {UserError} when the keys of the table itself differ: on AWS that is another table.
 */
export async function migrateTable(migration: Migration, wanted: TableDefinition): Promise<TableDescription> {
  const { tableName, say } = migration;
  let found = await untilActive(migration);
  if (keysOf(found) !== keysOf(wanted)) {
    throw new UserError(`${tableName} exists from an earlier start with other keys: use an empty folder.`);
  }
  const wantedTexts = new Set(indexesOf(wanted).map((index) => indexText(index, wanted)));
  for (const index of indexesOf(found).filter((each) => !wantedTexts.has(indexText(each, found)))) {
    say(`Deleting the index ${index.IndexName} of ${tableName} ...`);
    found = await change(migration, {
      GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: index.IndexName } }],
    });
  }
  const existing = new Set(indexesOf(found).map(({ IndexName }) => IndexName));
  for (const index of indexesOf(wanted).filter(({ IndexName }) => !existing.has(IndexName))) {
    say(`Adding the index ${index.IndexName} to ${tableName}, and filling it from its items ...`);
    existing.add(index.IndexName);
    const present = indexesOf(wanted).filter(({ IndexName }) => existing.has(IndexName));
    found = await change(migration, {
      AttributeDefinitions: attributesOf(wanted, present),
      GlobalSecondaryIndexUpdates: [{ Create: index }],
    });
  }
  return migrateStream(migration, wanted, found);
}

/** A stream that shows other images is another stream. What nobody has read stays in the old one, unless the engine keeps it. */
async function migrateStream(
  migration: Migration,
  { StreamSpecification: wanted }: TableDefinition,
  table: TableDescription,
): Promise<TableDescription> {
  const found = table.StreamSpecification?.StreamViewType;
  if (found === wanted?.StreamViewType) return table;
  migration.say(`Changing the stream of ${migration.tableName} ...`);
  let changed = table;
  if (found !== undefined) {
    changed = await change(migration, { StreamSpecification: { StreamEnabled: false } });
  }
  if (wanted?.StreamViewType !== undefined) {
    changed = await change(migration, { StreamSpecification: { StreamEnabled: true, ...wanted } });
  }
  return changed;
}

async function change(migration: Migration, update: object): Promise<TableDescription> {
  const input = { TableName: migration.tableName, ...update };
  await migration.dynamodb.call('UpdateTable', input, { timeoutMs: changeTimeoutMs });
  return untilActive(migration);
}

/** Waits for the table and for every index: one that is being filled cannot be queried, and stops other changes. */
async function untilActive(migration: Migration): Promise<TableDescription> {
  const { tableName, deleteTimeoutMs = defaultDeleteTimeoutMs } = migration;
  await untilDescribed(migration, (table) => deletingIn(table) === undefined, {
    timeoutMs: deleteTimeoutMs,
    onTimeout: (table) =>
      new UserError(
        `DynamoDB does not finish deleting the index ${deletingIn(table)} of ${tableName}: use an empty folder or another DynamoDB.`,
      ),
  });
  return untilDescribed(migration, isActive, {
    timeoutMs: changeTimeoutMs,
    onTimeout: () => new Error(`the table is not ready after ${changeTimeoutMs / 1_000} s.`),
  });
}

/** Asks again while the engine answers with a fault of its own, as DynamoDB Local may while it changes an index. */
async function untilDescribed(
  { dynamodb, tableName }: Migration,
  isDone: (table: TableDescription) => boolean,
  { timeoutMs, onTimeout }: Pick<PollOptions<TableDescription>, 'timeoutMs' | 'onTimeout'>,
): Promise<TableDescription> {
  const describe = async (): Promise<TableDescription | AwsError> => {
    try {
      const input = { TableName: tableName };
      return (await dynamodb.call<{ Table: TableDescription }>('DescribeTable', input)).Table;
    } catch (error) {
      if (error instanceof AwsError && error.statusCode >= 500) return error;
      throw error;
    }
  };
  const answer = await poll(describe, (last) => !(last instanceof AwsError) && isDone(last), {
    timeoutMs,
    intervalMs: pollMs,
    onTimeout: (last) => (last instanceof AwsError ? last : onTimeout(last)),
  });
  return answer as TableDescription;
}

/** The name of an index that is being deleted. */
function deletingIn({ GlobalSecondaryIndexes = [] }: TableDescription): string | undefined {
  return GlobalSecondaryIndexes.find(({ IndexStatus }) => IndexStatus === 'DELETING')?.IndexName;
}

function isActive(table: TableDescription): boolean {
  const statuses = (table.GlobalSecondaryIndexes ?? []).map(({ IndexStatus = 'ACTIVE' }) => IndexStatus);
  return [table.TableStatus, ...statuses].every((status) => status === 'ACTIVE');
}

function indexesOf({ GlobalSecondaryIndexes = [] }: TableDefinition): readonly IndexDefinition[] {
  return GlobalSecondaryIndexes;
}
