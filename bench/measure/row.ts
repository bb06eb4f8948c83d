import type { World } from '../world.ts';
import { type Contender, inTurns, type Repetitions } from './in-turns.ts';
import type { Units } from './meter.ts';

/** The parts of the bench, in the order in which they run. */
export const groupNames = ['hydrate', 'append', 'encrypt', 'rebuild', 'tracing'] as const;
export type GroupName = (typeof groupNames)[number];

/** The result of one contender. */
export interface Result {
  readonly name: string;
  /** Durations in ms, in the order of the runs. */
  readonly samplesMs: readonly number[];
  /** Number of items that a run handles, if the table shows a rate. */
  readonly count?: number;
  /** Of one run. Undefined if the engine does not report them. */
  readonly units: Units | undefined;
}

/** One line of the table. */
export interface Row {
  readonly group: GroupName;
  /** What is measured. With `events` it identifies the line. */
  readonly what: string;
  /** Events of the stream, or of one run. */
  readonly events: number;
  readonly ours: Result;
  /** What it is compared with. */
  readonly beside?: Result | undefined;
  /** How the two are compared. `speed`: how many times as fast ours is. `time`: how many times as long ours takes. */
  readonly compared: 'speed' | 'time';
}

/** What an event takes in a table, on average over a stream. */
export interface Size {
  readonly what: string;
  readonly events: number;
  readonly bytes: number;
}

/** Whether the units are counted in a run more, which is not timed, or in every run. Default: in a run more. */
export interface MeasureOptions extends Repetitions {
  readonly meters?: 'one more run' | 'every run';
}

/** Runs contenders in turns, and counts the units of one run of each. */
export async function measure(
  { meter }: Pick<World, 'meter'>,
  contenders: readonly Contender[],
  { meters = 'one more run', ...repetitions }: MeasureOptions,
): Promise<Result[]> {
  const units: (Units | undefined)[] = [];
  const metered = contenders.map(({ run }, index) => async () => {
    units[index] = await meter.of(run);
  });
  const timed = contenders.map((contender, index) =>
    meters === 'every run' ? { ...contender, run: metered[index] ?? contender.run } : contender,
  );
  const durations = await inTurns(timed, repetitions);
  if (meters === 'one more run') for (const run of metered) await run();
  return contenders.map(({ name, count }, index) => ({
    ...{ name, samplesMs: durations[index] ?? [], units: units[index] },
    ...(count !== undefined && { count }),
  }));
}
