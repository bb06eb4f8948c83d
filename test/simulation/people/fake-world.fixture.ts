import type { Act } from '../plan.ts';
import type { FunctionName } from '../world/faults.ts';
import { startMs, World } from '../world/world.ts';
import { People } from './people.ts';
import { PeopleRecord } from './record.ts';
import type { InvocationEnd, RowModel, Surroundings } from './surroundings.ts';

/** An event that a fake function gets. */
export interface FakeCall {
  readonly atMs: number;
  readonly name: FunctionName;
  readonly event: Readonly<Record<string, unknown>>;
}

/** What a fake function does: its end, after some ms. `never`: nobody hears of it again. */
export type FakeAnswer = { readonly afterMs?: number; readonly end: InvocationEnd } | 'never';

/** The settle time of the fake rebuilder, in ms. */
export const fakeSettleMs = 60_000;

const noService = {
  execute: () => {
    throw new Error('People call no service.');
  },
};

/** Lets people carry out acts against fake functions. Returns what they did and saw. */
export async function carryOut(
  acts: readonly Act[],
  answer: (call: FakeCall) => FakeAnswer,
  {
    seed = 1,
    finishes = false,
    looks = false,
  }: { readonly seed?: number; readonly finishes?: boolean; readonly looks?: boolean } = {},
) {
  const services = { dynamodb: noService, kinesis: noService, sqs: noService, kms: noService };
  const world = new World({ seed, faults: [], isTraced: true, services });
  const record = new PeopleRecord();
  const calls: FakeCall[] = [];
  const damaged: string[] = [];
  const around: Surroundings = {
    ...{ world, record, settleMs: fakeSettleMs },
    commandIdOf: (key) => `id of ${key}`,
    damageRow: (readModel: RowModel, id: string) => damaged.push(`${readModel}/${id}`),
    invoke: (name, event) => {
      const call = { atMs: world.elapsedMs, name, event: event as FakeCall['event'] };
      calls.push(call);
      const given = answer(call);
      return new Promise((resolve) => {
        if (given !== 'never') world.time.after(given.afterMs ?? 10, () => resolve(given.end));
      });
    },
  };
  const people = new People(around, { acts });
  people.start();
  const isDone = await world.time.run(() => people.areDone);
  if (finishes) {
    people.finish();
    await world.time.run(() => people.areDone);
  }
  if (looks) {
    people.look();
    await world.time.run(() => people.areDone);
  }
  const { operations, reads, pasts, lists, damages } = record;
  return {
    operations,
    reads,
    pasts,
    lists,
    damages,
    calls,
    damaged,
    isDone,
    trace: world.trace.lines,
    startMs,
  };
}

/** The end of an invocation with this result. */
export const ended = (result: unknown): FakeAnswer => ({ end: { ok: true, result } });

/** The end of an invocation without a result. */
export const broken = (reason: string): FakeAnswer => ({ end: { ok: false, reason } });
