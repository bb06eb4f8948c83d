import { ledgerContext } from '../../lambdas/contexts/ledger/context.ts';
import {
  Hydrator,
  rowAt,
  type SnapshotStore,
  type StreamName,
  streamName,
} from '../../lambdas/kernel/index.ts';
import { seedAccount } from '../data/seed-account.ts';
import type { Contender, Repetitions } from '../measure/in-turns.ts';
import { measure, type Row, type Size } from '../measure/row.ts';
import type { World } from '../world.ts';

/** Without stored states every event is decoded, upcast and folded. */
const noSnapshots: SnapshotStore = { load: async () => undefined, save: async () => undefined };

const ours = {
  full: 'full replay',
  snapshot: 'by snapshot',
  past: '?version= in the middle',
};

/** Reads of an account of each of these lengths, and what its events take. */
export async function hydrateGroup(
  world: World,
  lengths: readonly number[],
  repetitionsOf: (events: number) => Repetitions,
): Promise<{ rows: Row[]; sizes: Size[] }> {
  const rows: Row[] = [];
  const sizes: Size[] = [];
  for (const events of lengths) {
    world.say(`hydrate: an account of ${events} events`);
    const id = `hydrate-${events}`;
    const { log, castore } = await seedAccount(world, id, events);
    rows.push(...(await rowsOf(world, id, events, repetitionsOf(events))));
    sizes.push({ what: 'in the log, one event a commit', events: log.items, bytes: log.bytes });
    if (castore) sizes.push({ what: 'by Castore', events: castore.items, bytes: castore.bytes });
  }
  return { rows, sizes: sizes.slice(-2) };
}

async function rowsOf(world: World, id: string, events: number, repetitions: Repetitions): Promise<Row[]> {
  const stream = streamName(ledgerContext.decider.category, id);
  const contenders = [...ourContenders(world, stream, events), ...theirContenders(world, id, events)];
  const results = await measure(world, contenders, repetitions);
  const named = (name: string) => results.find((result) => result.name === name);
  return Object.entries({
    [ours.full]: theirs.full,
    [ours.snapshot]: theirs.full,
    [ours.past]: theirs.past,
  }).flatMap(([what, other]) => {
    const own = named(what);
    return own
      ? [
          {
            group: 'hydrate' as const,
            what,
            events,
            ours: own,
            beside: named(other),
            compared: 'speed' as const,
          },
        ]
      : [];
  });
}

/** Each run has a hydrator of its own, so nothing is in memory. */
function ourContenders({ side }: World, stream: StreamName, events: number): Contender[] {
  const hydrate = async (snapshots: SnapshotStore) => {
    const hydrator = new Hydrator({ ...side, ...ledgerContext, snapshots });
    requireVersion((await hydrator.hydrate(stream)).version, events);
  };
  const middle = Math.ceil(events / 2);
  return [
    { name: ours.full, run: () => hydrate(noSnapshots) },
    { name: ours.snapshot, run: () => hydrate(side.snapshots) },
    {
      name: ours.past,
      run: async () => {
        const { version } = await rowAt(side.log, ledgerContext.projection, stream, { version: middle });
        requireVersion(version, middle);
      },
    },
  ];
}

const theirs = { full: 'Castore getAggregate', past: 'Castore getAggregate, maxVersion' };

function theirContenders({ castore }: World, id: string, events: number): Contender[] {
  if (castore === undefined) return [];
  const read = async (version: number, options?: { maxVersion: number }) => {
    const { aggregate } = await castore.store.getAggregate(id, options);
    requireVersion(aggregate?.version, version);
  };
  const middle = Math.ceil(events / 2);
  return [
    { name: theirs.full, run: () => read(events) },
    { name: theirs.past, run: () => read(middle, { maxVersion: middle }) },
  ];
}

function requireVersion(version: number | undefined, expected: number): void {
  if (version !== expected) throw new Error(`A measured read ended at version ${version}, not ${expected}.`);
}
