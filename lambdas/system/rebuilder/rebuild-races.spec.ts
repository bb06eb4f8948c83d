import { describe, expect, it } from '@jest/globals';
import type { ReadModelStatus, SegmentProgress } from '../../../schema/projections.ts';
import {
  CachedGenerations,
  type Commit,
  foldCommits,
  GenerationalProjector,
  generationCacheMs,
  type StreamUpdate,
  updatesByStream,
  writtenGenerations,
} from '../../kernel/index.ts';
import { seededRandom, simulatedEffects } from '../../kernel/testing/index.ts';
import { memoryRebuild, nextCommit, type Tally, tally } from './memory-rebuild.fixture.ts';
import type { BuildRequest } from './request.ts';

const segments = 3;
const timeoutMs = 10_000;
/** Long enough for the cache and the longest invocation. The changes are carried out at once here. */
const settleMs = generationCacheMs + timeoutMs;
const streams = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
const readModel = 'ledger';

/** An invocation of a projector that has read the generations, and has not written yet. */
interface Invocation {
  readonly batch: readonly StreamUpdate[];
  readonly written: readonly string[];
  readonly deadlineMs: number;
}

/** Commands, projectors with caches of their own, and a clock. Each step of the rebuild is interrupted by some of them. */
function world(seed: number, settle = settleMs) {
  const random = seededRandom(seed);
  const under = (limit: number) => Math.floor(random() * limit);
  const rebuild = memoryRebuild({
    pageSize: 2,
    settleMs: settle,
    beforePage: async () => happen(under(4)),
  });
  const { log, rows, generations, parkingLot, effects, pass } = rebuild;
  const caches = [1, 2, 3].map(
    () => new CachedGenerations({ store: generations, model: readModel, effects }),
  );
  const queue: Commit[] = [];
  const running: Invocation[] = [];
  const nowMs = () => Date.parse(effects.clock.now);

  const append = async () => {
    const amounts = Array.from({ length: 1 + under(3) }, () => (under(40) === 0 ? -666 : under(100)));
    const commit = nextCommit(log, streams[under(streams.length)] ?? 'a', amounts);
    await log.append([commit]);
    // Delivered at least once, and not in order.
    for (let times = 1 + under(2); times > 0; times -= 1) queue.splice(under(queue.length + 1), 0, commit);
  };
  const start = async () => {
    const batch = queue.splice(0, 1 + under(3));
    if (batch.length === 0) return;
    const state = await (caches[under(caches.length)] as CachedGenerations).current();
    const updates = updatesByStream(batch.map((commit) => ({ ...commit, count: commit.events.length })));
    running.push({ batch: updates, written: writtenGenerations(state), deadlineMs: nowMs() + timeoutMs });
  };
  const end = async (index: number) => {
    const [invocation] = running.splice(index, 1);
    if (invocation === undefined) return;
    const projector = new GenerationalProjector({
      projection: tally,
      log,
      generations: async () => invocation.written.map((name) => rows.rowsOf(name)),
      parkingLot,
      effects: simulatedEffects(),
    });
    await projector.project(invocation.batch);
  };
  const wait = async (ms: number) => {
    for (const one of [...running]) if (one.deadlineMs <= nowMs() + ms) await end(running.indexOf(one));
    pass(ms);
  };
  const happen = async (times: number) => {
    for (let time = 0; time < times; time += 1) {
      await [append, append, start, start, () => end(under(running.length)), () => wait(under(800))][
        under(6)
      ]?.();
    }
  };
  const settleAll = async () => {
    while (queue.length > 0) await start();
    while (running.length > 0) await end(0);
  };
  return { ...rebuild, random, under, happen, wait, settleAll };
}

type World = ReturnType<typeof world>;

/** One request of the rebuild. Its invocation has a random time budget, and may be killed and repeated. */
async function ask<Answer = ReadModelStatus>(all: World, request: BuildRequest): Promise<Answer> {
  await all.happen(all.under(6));
  const answer = await all.rebuilder.answer(request, () => all.random() < 0.5);
  if ('refused' in answer) throw new Error(answer.refused);
  return answer as Answer;
}

async function inParts(all: World, action: 'fold' | 'compare', generation: string) {
  const open = Array.from({ length: segments }, (_, segment) => segment);
  for (let asked = 0; open.length > 0; asked += 1) {
    if (asked > 1_000) throw new Error('The parts make no progress.');
    const segment = open[all.under(open.length)] ?? 0;
    const { done } = await ask<SegmentProgress>(all, { action, readModel, generation, segment });
    if (done) open.splice(open.indexOf(segment), 1);
  }
}

/** Rebuilds while everything happens. Returns the rows of both generations at the switch. */
async function rebuildIn(all: World) {
  await all.happen(60);
  const generation = (await ask(all, { action: 'begin', readModel, segments })).building?.generation ?? '';
  await inParts(all, 'fold', generation);
  const { building } = await ask(all, { action: 'follow', readModel, generation });
  while (all.effects.clock.now < (building?.readyAt ?? '')) {
    await all.happen(3);
    await all.wait(1 + all.under(700));
  }
  await inParts(all, 'compare', generation);
  await ask(all, { action: 'finish', readModel, generation });
  const { active } = (await all.rebuilder.answer(
    { action: 'switch', readModel },
    () => true,
  )) as ReadModelStatus;
  expect(active).toBe(generation);
  return generation;
}

const rowsIn = (all: World, generation: string) =>
  new Map(
    all.rows
      .rowsOf(generation)
      .all()
      .map(({ id, version, row }) => [id, { version, row }]),
  );

/** The fold of each stream as far as it folds. */
function folded(all: World): Map<string, { version: number; row: Tally }> {
  const byStream = Map.groupBy(all.log.all(), ({ stream }) => stream);
  return new Map(
    [...byStream].flatMap(([stream, commits]) => {
      let row: { version: number; row: Tally } | undefined;
      for (const commit of commits.toSorted((a, b) => a.version - b.version)) {
        try {
          const next = foldCommits(tally, row, [commit]);
          row = next && { version: next.version, row: next.row };
        } catch {
          break;
        }
      }
      return row ? [[stream.slice('counter/'.length), row] as const] : [];
    }),
  );
}

describe('a rebuild while commands and projectors run', () => {
  it.each(Array.from({ length: 60 }, (_, index) => index + 1))('loses nothing: seed %i', async (seed) => {
    const all = world(seed);
    const generation = await rebuildIn(all);
    // A reader sees no row go back at the switch.
    const built = rowsIn(all, generation);
    const behind = [...rowsIn(all, 'g1')].filter(
      ([id, { version }]) => (built.get(id)?.version ?? 0) < version,
    );
    expect(behind).toEqual([]);
    await all.happen(30);
    await all.settleAll();
    expect(rowsIn(all, generation)).toEqual(folded(all));
  });
});
