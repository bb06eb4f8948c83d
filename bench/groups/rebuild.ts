import { loadReadModel } from '../../lambdas/contexts/load-read-models.ts';
import { foldPart, type RowWriter, rebuiltModel } from '../../lambdas/kernel/rebuild/index.ts';
import { generationOf, logScan, type Platform, parkingLot } from '../../lambdas/runtime/adapters.ts';
import { nodeEffects } from '../../lambdas/runtime/node-effects.ts';
import { tables } from '../../test/support/test-dynamodb.ts';
import { bareScan, bareWrites } from '../data/bare-tables.ts';
import { seedShortAccounts, shortAccountEvents } from '../data/seed-account.ts';
import type { Contender, Repetitions } from '../measure/in-turns.ts';
import { measure, type Row } from '../measure/row.ts';
import { environment, type World } from '../world.ts';

const { listing, projections } = await loadReadModel('ledger');
const model = rebuiltModel(
  listing,
  projections.map(({ projection }) => projection),
);

/** Items of one bare write, at most. Enough for a steady rate. */
const bareMaxItems = 10_000;

/**
 * Rebuilds of the ledger's read model from a log with this many events, in accounts of 100: the whole log is one part, which one
 * invocation folds. Each number must be larger than the one before.
 */
export async function rebuildRows(
  world: World,
  totals: readonly number[],
  repetitionsOf: (events: number) => Repetitions,
): Promise<Row[]> {
  const rows: Row[] = [];
  const bareItems = Math.min(bareMaxItems, ...totals);
  const bare: Contender = {
    name: 'bare BatchWriteItem',
    count: bareItems,
    run: bareWrites(world.client, bareItems),
  };
  let seeded = 0;
  for (const events of totals) {
    world.say(`rebuild: writing a log of ${events} events`);
    await seedShortAccounts(world, { from: seeded / shortAccountEvents, to: events / shortAccountEvents });
    seeded = events;
    world.say(`rebuild: folding ${events} events`);
    rows.push(...(await foldRows(world, events, repetitionsOf(events))));
    world.say(`rebuild: writing the rows of ${events} events`);
    rows.push(...(await writeRows(world, events, bare, repetitionsOf(events))));
  }
  return rows;
}

/** Without writes: the log is scanned, and every event decoded and folded. */
async function foldRows(world: World, events: number, repetitions: Repetitions): Promise<Row[]> {
  const fold: Contender = {
    name: 'rebuild: fold',
    count: events,
    run: () => foldAll(world, events, 'fold', noWrites),
  };
  const scan: Contender = { name: 'bare scan of the log', count: events, run: () => bareScan(world.client) };
  const [ours, beside] = await measure(world, [fold, scan], { ...repetitions, meters: 'every run' });
  return ours ? [{ group: 'rebuild', what: fold.name, events, ours, beside, compared: 'speed' }] : [];
}

/** With writes: a row for each account, and a line for each event but the first. */
async function writeRows(
  world: World,
  events: number,
  bare: Contender,
  repetitions: Repetitions,
): Promise<Row[]> {
  let generations = 0;
  const write: Contender = {
    name: 'rebuild: rows and lines written',
    count: events,
    run: () => {
      generations += 1;
      const generation = `g${events}-${generations}`;
      return foldAll(world, events, generation, generationRows(world, generation).bulkWriter());
    },
  };
  const [ours, beside] = await measure(world, [write, bare], {
    ...repetitions,
    meters: 'every run',
  });
  return ours ? [{ group: 'rebuild', what: write.name, events, ours, beside, compared: 'speed' }] : [];
}

function platformOf(client: World['client']): Platform {
  return { client, env: environment, effects: nodeEffects };
}

function generationRows({ client }: World, generation: string) {
  return generationOf({ projection: listing }, platformOf(client), tables.readModel.name, generation);
}

async function foldAll(
  world: World,
  events: number,
  generation: string,
  writer: RowWriter<unknown, unknown>,
): Promise<void> {
  const { client, side } = world;
  const progress = await foldPart<unknown, unknown>(
    {
      model,
      scan: logScan(platformOf(client)),
      history: side.log,
      parking: { parkingLot: parkingLot(platformOf(client)), observer: side.observer },
      building: generationRows(world, generation),
      part: { segment: 0, segments: 1 },
      effects: nodeEffects,
      hasTime: () => true,
      save: async () => true,
      writer,
    },
    undefined,
  );
  const { done = false, counts } = progress ?? {};
  if (done && counts?.events === events) return;
  throw new Error(`A measured rebuild folded ${counts?.events} events, not ${events}.`);
}

const noWrites: RowWriter<unknown, unknown> = {
  lines: async () => {},
  row: async () => {},
  drain: async () => new Map(),
};
