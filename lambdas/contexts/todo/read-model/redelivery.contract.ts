import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import {
  type Commit,
  categoryRows,
  type EventLog,
  foldCommits,
  keysWithPrefix,
  Projector,
  type ReadModel,
  silentObserver,
} from '../../../kernel/index.ts';
import { projectMessages } from '../../../kernel/lambda/index.ts';
import { MemoryParkingLot } from '../../../kernel/memory/index.ts';
import { commitAt, seededRandom, simulatedEffects } from '../../../kernel/testing/index.ts';
import { decodeCommit, encodeCommit } from '../../../messaging/published-commit.ts';
import dispenseRules from '../../dispense/todo-rules.ts';
import { todoEventTypes } from '../../todo-rule.ts';
import type { TodoItem } from './item.ts';
import { type TodoRow, todoProjections } from './projection.ts';

export interface Adapters {
  readonly log: EventLog;
  readonly readModel: ReadModel<TodoRow, TodoItem>;
}

const rules = [dispenseRules];
const projections = todoProjections(rules);
const eventTypes = todoEventTypes(rules);
/** Batches that are projected at the same time, as by several instances of the function. */
const concurrency = 3;
const batchSize = 10;

/** Histories of a dispense: lists of commits, each with its event types. */
const histories: readonly (readonly (readonly string[])[])[] = [
  [['Started']],
  [['Started'], ['PatientAdded'], ['DrugsAdded'], ['Completed']],
  [['Started'], ['PrescriptionUploaded'], ['PrescriptionAnalyzed'], ['PatientAdded', 'DrugsAdded']],
  [['Started'], ['PrescriptionUploaded'], ['AnalysisFailed'], ['PrescriptionUploaded'], ['AnalysisFailed']],
  [['Started', 'DrugsAdded'], ['PrescriptionUploaded'], ['AnalysisFailed'], ['PatientAdded'], ['Completed']],
  [['Started'], ['SomethingNew'], ['PrescriptionUploaded'], ['SomethingNew'], ['Cancelled']],
];

/** The read model must equal a fold of the log although a queue delivers commits repeatedly, in any order and concurrently. */
export function describeRedelivery(name: string, dispenses: number, make: () => Promise<Adapters>): void {
  describe(`TODO on ${name}`, () => {
    it(`equals a fold of the log after ${dispenses} dispenses, delivered repeatedly and in random order`, async () => {
      const seed = Math.floor(Math.random() * 2 ** 31);
      const random = seededRandom(seed);
      const { log, readModel } = await make();
      const commits = Array.from({ length: dispenses }, () => randomHistory(random)).flat();
      for (let start = 0; start < commits.length; start += 16)
        await Promise.all(commits.slice(start, start + 16).map((commit) => log.append([commit])));

      const parkingLot = new MemoryParkingLot();
      await deliver(messagesOf(commits, random), { log, readModel }, parkingLot);

      expect({ seed, parked: await parkingLot.list('todo-dispense', { limit: 9 }) }).toEqual({
        seed,
        parked: [],
      });
      expect({ seed, items: await allItems(readModel) }).toEqual({ seed, items: expectedItems(commits) });
      const open = expectedItems(commits).filter(({ status }) => status === 'open');
      expect(await readModel.count('byStatus', keysWithPrefix('open#'), 100_000)).toBe(open.length);
      expect(open.length).toBeGreaterThan(0);
    });
  });
}

/** The commits of one dispense with a random history, in order. */
function randomHistory(random: () => number): Commit[] {
  const stream = `dispense/${randomUUID()}` as const;
  let version = 1;
  return (histories[Math.floor(random() * histories.length)] ?? []).map((types, index) => {
    const events = types.map((type, position) => ({
      id: `${stream}-${version + position}`,
      type: `Dispense:${type}`,
      schemaVersion: 1,
      data: { confidence: random(), name: 'a person' },
    }));
    const committedAt = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
    const commit = commitAt(stream, version, 1, { events, committedAt });
    version += types.length;
    return commit;
  });
}

/** The messages that the publisher sends for the commits, each up to three times, shuffled. */
function messagesOf(commits: readonly Commit[], random: () => number): SQSRecord[] {
  const sent = commits.filter(({ events }) => events.some(({ type }) => eventTypes.has(type)));
  return sent
    .flatMap((commit) => Array.from({ length: 1 + Math.floor(random() * 3) }, () => commit))
    .map((commit) => ({ commit, place: random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ commit }) => ({ messageId: randomUUID(), body: encodeCommit(commit) }) as SQSRecord);
}

/** Delivers messages like SQS, and redelivers those that a batch reports as failed, until all are handled. */
async function deliver(messages: SQSRecord[], { log, readModel }: Adapters, parkingLot: MemoryParkingLot) {
  const projectors = new Map(
    projections.map((projection) => {
      const rows = categoryRows(readModel, projection.category);
      return [
        projection.category,
        new Projector({ projection, log, readModel: rows, parkingLot, effects: simulatedEffects() }),
      ];
    }),
  );
  const dependencies = {
    consumer: 'todo',
    decode: decodeCommit,
    projectors,
    parkingLot,
    observer: silentObserver,
  };
  const worker = async () => {
    for (let batch = messages.splice(0, batchSize); batch.length > 0; batch = messages.splice(0, batchSize)) {
      const { response } = await projectMessages(batch, dependencies);
      const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
      messages.push(...batch.filter(({ messageId }) => failed.has(messageId)));
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
}

function expectedItems(commits: readonly Commit[]): TodoItem[] {
  const [projection] = projections;
  if (projection === undefined) throw new Error('There is no projection of the rules.');
  const items = [...Map.groupBy(commits, ({ stream }) => stream).values()].flatMap(
    (own) => foldCommits(projection, undefined, own)?.lines.map(({ line }) => line) ?? [],
  );
  return inOrder(items);
}

async function allItems(readModel: ReadModel<TodoRow, TodoItem>): Promise<TodoItem[]> {
  const items: TodoItem[] = [];
  for (let after: string | undefined, isDone = false; !isDone; ) {
    const { lines, next } = await readModel.listLines('byOpening', { after, limit: 100 });
    items.push(...lines.map(({ line }) => line));
    isDone = next === undefined;
    after = next;
  }
  return inOrder(items);
}

function inOrder(items: TodoItem[]): TodoItem[] {
  return items.sort((a, b) => (a.id < b.id ? -1 : 1));
}
