import { DeleteItemCommand } from '@aws-sdk/client-dynamodb';
import { expect, it } from '@jest/globals';
import { eventLogTable } from '../../../schema/tables.ts';
import { runReal } from './run-real.ts';
import type { StoredTables } from './stored.ts';

const timeoutMs = 900_000;

it(
  'a host that is killed ten times during traffic has lost and doubled nothing',
  async () => {
    const report = await runReal({ seed: 1, restarts: 10 });
    expect(report).toMatchObject({ lost: [], doubled: [], findings: [], open: 0 });
    expect(report.acknowledged).toBeGreaterThan(0);
  },
  timeoutMs,
);

it(
  'finds a commit that the log has lost',
  async () => {
    const report = await runReal({ seed: 2, restarts: 1, damage: loseLastCommit });
    expect(report.lost).toHaveLength(1);
    expect(report.doubled).toEqual([]);
    const checks = new Set(report.findings.map(({ check }) => check));
    expect([...checks]).toEqual(expect.arrayContaining(['every row equals the fold of its stream']));
  },
  timeoutMs,
);

/** Deletes the newest commit of the log that is one of an account. */
async function loseLastCommit(tables: StoredTables): Promise<void> {
  const last = (await tables.commits()).findLast(({ stream }) => stream.startsWith('ledger/'));
  if (last === undefined) throw new Error('The log is empty.');
  const Key = {
    [eventLogTable.partitionKey]: { S: last.stream },
    [eventLogTable.sortKey]: { N: String(last.version) },
  };
  await tables.client.send(new DeleteItemCommand({ TableName: tables.logName, Key }));
}
