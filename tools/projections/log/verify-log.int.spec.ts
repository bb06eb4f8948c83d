import { randomUUID } from 'node:crypto';
import { DeleteItemCommand, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type CommitItem,
  DynamoDBEventLog,
  DynamoDBSnapshotStore,
  fromItem,
  toItem,
} from '../../../lambdas/kernel/dynamodb/index.ts';
import { type Commit, type StreamName, sealed, streamName } from '../../../lambdas/kernel/index.ts';
import { commitAt, simulatedEffects } from '../../../lambdas/kernel/testing/index.ts';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../test/support/test-dynamodb.ts';
import { reportLines } from './log-report.ts';
import { type LogReport, verifyLog } from './verify-log.ts';

let dynamodb: TestDynamoDB;
let log: DynamoDBEventLog;
let snapshots: DynamoDBSnapshotStore;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
  log = new DynamoDBEventLog(dynamodb.client, tables.eventLog, simulatedEffects());
  snapshots = new DynamoDBSnapshotStore(dynamodb.client, tables.snapshots);
}, 60_000);
afterAll(() => dynamodb?.stop());

const names = { eventLog: tables.eventLog.name, snapshots: tables.snapshots.name };
const verify = (segments = 4) => verifyLog({ client: dynamodb.client, tables: names, segments });

const newStream = () => streamName('test', randomUUID());

/** The commit as an earlier release stored it. */
function unsealed({ hash: _hash, previousHash: _previousHash, ...commit }: Commit): Commit {
  return commit;
}

/** A stream of five commits of two events each; the first without a hash, as an earlier release wrote it. */
async function chain(): Promise<Commit[]> {
  const stream = newStream();
  const commits: Commit[] = [commitAt(stream, 1, 2)];
  for (const version of [3, 5, 7, 9])
    commits.push(sealed(commitAt(stream, version, 2), commits.at(-1)?.hash));
  for (const commit of commits) await log.append([commit]);
  return commits;
}

async function snapshotOf(commit: Commit, more: object = {}): Promise<void> {
  const { stream, committedAt, hash } = commit;
  const version = commit.version + commit.events.length - 1;
  await snapshots.save({
    ...{ stream, version, stateVersion: 1, state: {}, committedAt, hash, commands: new Uint8Array() },
    ...more,
  });
}

const put = (item: CommitItem) =>
  dynamodb.client.send(new PutItemCommand({ TableName: names.eventLog, Item: item }));
const remove = ({ stream, version }: Commit) =>
  dynamodb.client.send(
    new DeleteItemCommand({
      TableName: names.eventLog,
      Key: { stream: { S: stream }, version: { N: String(version) } },
    }),
  );
const itemOf = (commit: Commit) => toItem(commit, tables.eventLog);
const placeOf = ({ places }: LogReport, stream: StreamName) =>
  places.find((place) => place.stream === stream);

describe('verifying the log', () => {
  it('finds nothing in a sound log, read in one part or in many', async () => {
    const chains = [await chain(), await chain(), await chain()];
    for (const commits of chains) await snapshotOf(commits[3] as Commit);
    await snapshotOf(chains[0]?.[4] as Commit, { hash: undefined });
    for (const segments of [1, 7]) {
      const report = await verify(segments);
      expect(report).toEqual({
        streams: 3,
        commits: 15,
        withoutHash: 3,
        unsealed: 0,
        unsealedPlaces: [],
        snapshots: 3,
        broken: 0,
        places: [],
      });
      expect(reportLines(report).join('\n')).toContain('The log is what was appended');
    }
  });

  it.each<[string, (commits: Commit[]) => Promise<unknown>, number, RegExp]>([
    [
      'overwritten',
      ([, , c]) => put({ ...itemOf(c as Commit), answer: { S: '{"balance":1}' } }),
      5,
      /its hash/,
    ],
    [
      'overwritten with a hash that fits',
      ([, b, c]) => put(itemOf(sealed({ ...(c as Commit), answer: 'x' }, b?.hash))),
      7,
      /does not continue/,
    ],
    [
      'overwritten by one without a hash',
      ([, , c]) => put(itemOf(unsealed(c as Commit))),
      7,
      /does not continue/,
    ],
    ['removed', ([, , c]) => remove(c as Commit), 7, /Version 5 of the stream is missing/],
    ['removed at the start', ([a]) => remove(a as Commit), 3, /Version 1 of the stream is missing/],
    [
      'inserted inside another',
      ([, , c]) => put({ ...itemOf(unsealed(c as Commit)), version: { N: '6' } }),
      6,
      /Version 7 of the stream is missing/,
    ],
    [
      'appended from another place',
      ([, b, , , e]) => put({ ...itemOf(b as Commit), version: { N: String((e as Commit).version + 2) } }),
      11,
      /its hash/,
    ],
    ['unreadable', ([a]) => put({ ...itemOf(a as Commit), events: { S: '[' } }), 1, /not JSON/],
  ])('finds a commit that was %s', async (_name, change, version, difference) => {
    const commits = await chain();
    const [{ stream }] = commits as [Commit];
    await change(commits);
    const report = await verify();
    expect(placeOf(report, stream)).toMatchObject({ version, difference: expect.stringMatching(difference) });
    expect(reportLines(report).join('\n')).toContain(`BROKEN ${stream} at version ${version}: `);
  });

  it.each<[string, (commits: Commit[]) => Promise<unknown>, RegExp]>([
    ['the last commit is gone', ([, , , , e]) => remove(e as Commit), /no commit of the log does/],
    [
      'the last commit was overwritten with a hash that fits',
      ([, , , d, e]) => put(itemOf(sealed({ ...(e as Commit), answer: 'x' }, d?.hash))),
      /another hash/,
    ],
    ['the stream is gone', (all) => Promise.all(all.map(remove)), /no commit of the log does/],
  ])('finds by the snapshot that %s', async (_name, change, difference) => {
    const commits = await chain();
    const last = commits.at(-1) as Commit;
    await snapshotOf(last);
    expect(placeOf(await verify(), last.stream)).toBeUndefined();
    await change(commits);
    const place = placeOf(await verify(), last.stream);
    expect(place).toMatchObject({ version: 10, difference: expect.stringMatching(difference) });
  });

  it('names streams where a commit without a hash follows one with a hash, also at the end', async () => {
    const [end, middle] = [await chain(), await chain()];
    const [{ stream: atEnd }, { stream: within }] = [end[0] as Commit, middle[0] as Commit];
    await log.append([commitAt(atEnd, 11, 2)]);
    await log.append([commitAt(within, 11, 2)]);
    await log.append([sealed(commitAt(within, 13, 2), undefined)]);
    const report = await verify();
    for (const stream of [atEnd, within]) {
      expect(report.unsealedPlaces).toContainEqual({ stream, version: 11 });
      expect(placeOf(report, stream)).toBeUndefined();
    }
    expect(reportLines(report).join('\n')).toContain(`UNSEALED ${atEnd} at version 11`);
  });

  it('counts each broken stream once, and goes on with the next', async () => {
    const before = (await verify()).broken;
    const commits = await chain();
    await remove(commits[1] as Commit);
    await remove(commits[3] as Commit);
    await snapshotOf(commits[3] as Commit);
    await chain();
    const report = await verify();
    expect(report.broken).toBe(before + 1);
    expect(report.places).toHaveLength(report.broken);
  });

  it('does not take commits that are appended meanwhile for a change', async () => {
    const stream = newStream();
    let last = sealed(commitAt(stream, 1), undefined);
    await log.append([last]);
    let isOver = false;
    const appending = (async () => {
      while (!isOver) {
        last = sealed(commitAt(stream, last.version + 1), last.hash);
        await log.append([last]);
      }
    })();
    for (let checks = 0; checks < 5; checks += 1) {
      expect(placeOf(await verify(), stream)).toBeUndefined();
    }
    isOver = true;
    await appending;
    expect(fromItem(itemOf(last), tables.eventLog)).toStrictEqual(last);
  });
});
