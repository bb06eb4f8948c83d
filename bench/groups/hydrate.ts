import { ledgerContext } from '../../lambdas/contexts/ledger/context.ts';
import {
  Hydrator,
  rowAt,
  type SealedHistory,
  type SnapshotStore,
  streamName,
} from '../../lambdas/kernel/index.ts';
import { type Histories, histories, seal } from '../data/sealing.ts';
import { seedAccount } from '../data/seed-account.ts';
import type { Contender, Repetitions } from '../measure/in-turns.ts';
import { measure, type Row, type Size } from '../measure/row.ts';
import type { World } from '../world.ts';

/** Without stored states every event is decoded, upcast and folded. */
const noSnapshots: SnapshotStore = { load: async () => undefined, save: async () => undefined };

const theirs = { full: 'Castore getAggregate', past: 'Castore getAggregate, maxVersion' };

/** Reads of an account of each of these lengths, and what the events of the last take. */
export async function hydrateGroup(
  world: World,
  lengths: readonly number[],
  repetitionsOf: (events: number) => Repetitions,
): Promise<{ rows: Row[]; sizes: Size[] }> {
  const rows: Row[] = [];
  let sizes: Size[] = [];
  for (const events of lengths) {
    world.say(`hydrate: an account of ${events} events`);
    const account = new MeasuredAccount(world, events);
    sizes = await account.prepare();
    rows.push(...(await account.measure(repetitionsOf(events))));
  }
  return { rows, sizes };
}

/** One account, the same for Streamfold and Castore. */
class MeasuredAccount {
  readonly #world: World;
  readonly #events: number;
  readonly #id: string;
  readonly #histories: Histories;
  #isSealed = false;

  constructor(world: World, events: number) {
    this.#world = world;
    this.#events = events;
    this.#id = `hydrate-${events}`;
    this.#histories = histories(world.client, world.side.log);
  }

  /** Writes and seals it. Returns what its events take. */
  async prepare(): Promise<Size[]> {
    const { client, side } = this.#world;
    const { log, castore } = await seedAccount(this.#world, this.#id, this.#events);
    const sealed = await seal(client, side.log, this.#stream);
    this.#isSealed = sealed.events > 0;
    return [
      { what: 'in the log, one event a commit', events: log.items, bytes: log.bytes },
      ...(this.#isSealed ? [sealed] : []),
      ...(castore ? [{ what: 'by Castore', events: castore.items, bytes: castore.bytes }] : []),
    ];
  }

  async measure(repetitions: Repetitions): Promise<Row[]> {
    const { unsealed, sealed } = this.#histories;
    const own = [
      this.#hydrate('full replay', unsealed, noSnapshots),
      ...(this.#isSealed ? [this.#hydrate('full replay, sealed', sealed, noSnapshots)] : []),
      this.#hydrate('by snapshot', this.#isSealed ? sealed : unsealed, this.#world.side.snapshots),
      this.#past('?version= in the middle', unsealed),
      ...(this.#isSealed ? [this.#past('?version= in the middle, sealed', sealed)] : []),
    ];
    const results = await measure(this.#world, [...own, ...this.#castore()], repetitions);
    return results.slice(0, own.length).map((ours) => {
      const name = ours.name.startsWith('?version=') ? theirs.past : theirs.full;
      const beside = results.find((result) => result.name === name);
      return { group: 'hydrate', what: ours.name, events: this.#events, ours, beside, compared: 'speed' };
    });
  }

  get #stream() {
    return streamName(ledgerContext.decider.category, this.#id);
  }

  get #middle() {
    return Math.ceil(this.#events / 2);
  }

  /** Each run has a hydrator of its own, so nothing is in memory. */
  #hydrate(name: string, sealed: SealedHistory, snapshots: SnapshotStore): Contender {
    const run = async () => {
      const hydrator = new Hydrator({ ...this.#world.side, ...ledgerContext, snapshots, sealed });
      requireVersion((await hydrator.hydrate(this.#stream)).version, this.#events);
    };
    return { name, run };
  }

  /** As the route reads it. */
  #past(name: string, sealed: SealedHistory): Contender {
    const run = async () => {
      const { log } = this.#world.side;
      const point = { version: this.#middle };
      const { version } = await rowAt({ log, sealed }, ledgerContext.projection, this.#stream, point);
      requireVersion(version, this.#middle);
    };
    return { name, run };
  }

  #castore(): Contender[] {
    const { castore } = this.#world;
    if (castore === undefined) return [];
    const read = async (version: number, options?: { maxVersion: number }) => {
      const { aggregate } = await castore.store.getAggregate(this.#id, options);
      requireVersion(aggregate?.version, version);
    };
    return [
      { name: theirs.full, run: () => read(this.#events) },
      { name: theirs.past, run: () => read(this.#middle, { maxVersion: this.#middle }) },
    ];
  }
}

function requireVersion(version: number | undefined, expected: number): void {
  if (version !== expected) throw new Error(`A measured read ended at version ${version}, not ${expected}.`);
}
