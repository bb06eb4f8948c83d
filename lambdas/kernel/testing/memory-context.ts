import { CommandHandler } from '../command-handler.ts';
import type { Commit } from '../commit.ts';
import { streamName } from '../commit.ts';
import { CommitClock } from '../commit-clock.ts';
import type { ContextDefinition, ContextTypes } from '../context-definition.ts';
import { MemoryEventLog } from '../memory/memory-event-log.ts';
import { MemoryParkingLot } from '../memory/memory-parking-lot.ts';
import { MemoryReadModel } from '../memory/memory-read-model.ts';
import { MemorySnapshotStore } from '../memory/memory-snapshot-store.ts';
import { Projector } from '../projector.ts';
import type { ReadModel } from '../read-model.ts';
import { reveal } from '../reveal.ts';
import { updatesByStream } from '../stream-updates.ts';
import { simulatedEffects } from './simulated-effects.ts';
import { FixedKeys } from './subject-keys.fixture.ts';

/** Options of {@link memoryContext}. */
export interface MemoryContextOptions<Types extends ContextTypes> {
  /** Default: one in memory. */
  readonly readModel?: ReadModel<Types['row'], Types['line'], Types['list']>;
  /** The time at the start, ISO 8601, UTC, ms. */
  readonly now?: string;
  /** The data keys of subjects. Default: keys of its own. */
  readonly keys?: FixedKeys;
}

/** A whole context in memory: commands, log, projector and read model, with a clock that a spec sets. */
export function memoryContext<Types extends ContextTypes>(
  { decider, events, answer, projection }: ContextDefinition<Types>,
  options: MemoryContextOptions<Types> = {},
) {
  const {
    readModel = new MemoryReadModel<Types['row'], Types['line'], Types['list']>(projection),
    keys = new FixedKeys(),
    now,
  } = options;
  const effects = simulatedEffects(now === undefined ? {} : { now });
  const log = new MemoryEventLog();
  const snapshots = new MemorySnapshotStore();
  const parkingLot = new MemoryParkingLot();
  const handler = new CommandHandler({
    log,
    snapshots,
    decider,
    events,
    answer,
    effects,
    keys,
    snapshotThreshold: 100,
  });
  const projector = new Projector({ projection, log, readModel, parkingLot, effects });
  const commitsOf = async (id: string): Promise<Commit[]> =>
    (await Array.fromAsync(log.read(streamName(decider.category, id)))).flat();
  let commands = 0;

  return {
    log,
    commitClock: new CommitClock(effects),
    snapshots,
    readModel,
    parkingLot,
    keys,
    handler,
    projector,
    effects,
    /** Set `clock.now` to change the time. */
    clock: effects.clock,
    /** Handles a command; every call is a new command. Throws an error with the rejection's code if it is rejected. */
    send: async (id: string, command: Types['command']) => {
      commands += 1;
      const result = await handler.handle([{ id, command }], {
        commandId: `command ${commands}`,
        intent: commands,
        now: effects.now(),
        correlationId: 'spec',
      });
      if (result.outcome === 'rejected') throw new Error(result.rejection.code);
      return result;
    },
    /** Type and data of every event in the log of a stream, with plain values. */
    eventsOf: async (id: string): Promise<(readonly [type: string, data: object])[]> => {
      const stream = streamName(decider.category, id);
      const found = new Map(
        [[stream, keys.at(stream)] as const].flatMap(([name, key]) => (key ? [[name, key]] : [])),
      );
      return (await commitsOf(id)).flatMap((commit) =>
        commit.events.map(({ type, data }) => [type, reveal(data, stream, found)] as const),
      );
    },
    /** Projects everything in the log of these streams. Throws if one of them is parked or fails. */
    project: async (...ids: readonly string[]): Promise<void> => {
      const commits = (await Promise.all(ids.map(commitsOf))).flat();
      const updates = updatesByStream(commits.map((commit) => ({ ...commit, count: commit.events.length })));
      const { parked, failed } = await projector.project(updates);
      if (parked.length + failed.length > 0) throw new Error(`Not projected: ${[...parked, ...failed]}`);
    },
  };
}
