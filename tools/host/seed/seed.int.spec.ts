import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ledgerContext as ledger } from '../../../lambdas/contexts/ledger/context.ts';
import { DynamoDBEventLog } from '../../../lambdas/kernel/dynamodb/index.ts';
import { type Commit, readEvent, recordedEvents, sealed } from '../../../lambdas/kernel/index.ts';
import { nodeEffects } from '../../../lambdas/runtime/node-effects.ts';
import { startTestDynamoDB, type TestDynamoDB, tables } from '../../../test/support/test-dynamodb.ts';
import { seedStress } from './seed.ts';
import { emptyStream, nextCommit, stressStream } from './stress.ts';

describe('a seed', () => {
  let engine: TestDynamoDB;
  let log: DynamoDBEventLog;
  const accounts = [
    { id: 'one-by-one', events: 10 },
    { id: 'ten-by-ten', events: 255, eventsPerCommit: 10 },
  ];

  beforeAll(async () => {
    engine = await startTestDynamoDB();
    log = new DynamoDBEventLog(engine.client, tables.eventLog, nodeEffects);
  });
  afterAll(() => engine.stop());

  const seed = async (of = accounts, signal = new AbortController().signal) => {
    const said: string[] = [];
    const environmentOf = () => ({ EVENT_LOG_TABLE: tables.eventLog.name });
    const say = (line: string) => said.push(line);
    await seedStress({ dynamodbUrl: engine.endpoint, environmentOf }, { say, signal, accounts: of });
    return said;
  };
  async function commitsOf(id: string): Promise<Commit[]> {
    const all: Commit[] = [];
    for await (const page of log.read(stressStream(id))) all.push(...page);
    return all;
  }
  const foldOf = (commits: readonly Commit[]) =>
    commits
      .flatMap(recordedEvents)
      .map((event) => readEvent(ledger.events, event.stream, event))
      .reduce(ledger.decider.evolve, ledger.decider.initialState());

  it('makes events that the ledger reads, with the answers that it would give, and nothing twice', async () => {
    expect(await seed()).toEqual(['Appending 265 of the 265 events of the stress accounts ...']);
    for (const { id, events, eventsPerCommit = 1 } of accounts) {
      const commits = await commitsOf(id);
      expect(commits.flatMap(recordedEvents).map(({ version }) => version)).toHaveLength(events);
      expect(commits).toHaveLength(Math.ceil(events / eventsPerCommit));
      const state = foldOf(commits);
      expect(JSON.parse(commits.at(-1)?.answer ?? '')).toEqual(ledger.answer(state, ''));
    }
    expect(await seed()).toEqual(['The stress accounts have all their events.']);
  });

  it('continues after a start that was killed', async () => {
    const account = { id: 'killed', events: 40 };
    let end = emptyStream;
    for (let count = 0; count < 15; count += 1) {
      const next = nextCommit(account, end, nodeEffects.now());
      await log.append([next.commit]);
      end = next.end;
    }
    expect(await seed([account])).toEqual(['Appending 25 of the 40 events of the stress accounts ...']);
    const commits = await commitsOf('killed');
    expect(commits).toHaveLength(40);
    expect(JSON.parse(commits.at(-1)?.answer ?? '')).toEqual(ledger.answer(foldOf(commits), ''));
  });

  it('writes nothing after it was stopped', async () => {
    await seed([{ id: 'stopped', events: 5 }], AbortSignal.abort());
    expect(await commitsOf('stopped')).toEqual([]);
  });

  it('refuses an account that was closed', async () => {
    const account = { id: 'closed', events: 1 };
    const { commit } = nextCommit(account, emptyStream, nodeEffects.now());
    const closed = { id: 'x', type: 'Ledger:Closed', schemaVersion: 1, data: {} };
    await log.append([sealed({ ...commit, events: [...commit.events, closed] }, undefined)]);
    await expect(seed([{ ...account, events: 5 }])).rejects.toThrow(
      'The account closed is closed, so it cannot be seeded: use an empty folder.',
    );
  });
});
