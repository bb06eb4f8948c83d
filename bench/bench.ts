import { appendRows } from './groups/append.ts';
import { encryptRows } from './groups/encrypt.ts';
import { hydrateGroup } from './groups/hydrate.ts';
import { rebuildRows } from './groups/rebuild.ts';
import { type TracingRepetitions, tracingFigures } from './groups/tracing.ts';
import type { Repetitions } from './measure/in-turns.ts';
import type { GroupName, Row, Size } from './measure/row.ts';
import { describeMachine, type Machine } from './report/machine.ts';
import type { Report } from './report/report.ts';
import type { TracingFigures } from './tracing/figures.ts';
import { openWorld } from './world.ts';

/** How much is measured. */
export interface Extent {
  /** Lengths of accounts, in events. At least 4 each. */
  readonly hydrate: readonly number[];
  readonly hydrateRepetitions: (events: number) => Repetitions;
  readonly appendRepetitions: Repetitions;
  readonly encryptRepetitions: Repetitions;
  /** Events in the log, in accounts of 100. */
  readonly rebuild: readonly number[];
  readonly rebuildRepetitions: (events: number) => Repetitions;
  readonly tracingRepetitions: TracingRepetitions;
}

/** Everything. */
export const whole: Extent = {
  hydrate: [10, 100, 1_000, 10_000, 100_000],
  hydrateRepetitions: (events) => ({
    warmUps: events < 10_000 ? 5 : 1,
    counted: Math.min(50, Math.max(5, Math.ceil(50_000 / events))),
  }),
  appendRepetitions: { warmUps: 50, counted: 300 },
  encryptRepetitions: { warmUps: 20, counted: 100 },
  rebuild: [100_000, 1_000_000],
  rebuildRepetitions: (events) =>
    events > 100_000 ? { warmUps: 0, counted: 1 } : { warmUps: 1, counted: 3 },
  tracingRepetitions: {
    starts: { warmUps: 2, counted: 30 },
    warm: { warmUps: 100, counted: 1_000 },
    // The receivers fail for longer than the 30 s in which an adapter sends nothing after a time-out.
    failing: { warmUps: 100, counted: 1_500 },
  },
};

/** Enough to see whether something has become much slower. */
export const quick: Extent = {
  hydrate: [10, 1_000, 10_000],
  hydrateRepetitions: (events) => ({ warmUps: 1, counted: events < 10_000 ? 10 : 3 }),
  appendRepetitions: { warmUps: 20, counted: 50 },
  encryptRepetitions: { warmUps: 10, counted: 30 },
  rebuild: [20_000],
  rebuildRepetitions: () => ({ warmUps: 1, counted: 3 }),
  tracingRepetitions: {
    starts: { warmUps: 1, counted: 10 },
    warm: { warmUps: 50, counted: 200 },
    failing: { warmUps: 50, counted: 200 },
  },
};

/** What to run, and where. */
export interface RunOptions {
  readonly dynamodbUrl: string | undefined;
  readonly groups: readonly GroupName[];
  readonly withCastore: boolean;
  readonly extent: Extent;
  readonly say: (line: string) => void;
}

/** Runs the parts once, each with tables that start empty. */
export async function runOnce(options: RunOptions): Promise<Report> {
  const { extent } = options;
  const rows: Row[] = [];
  let sizes: readonly Size[] = [];
  let tracing: TracingFigures | undefined;
  let machine: Machine | undefined;
  for (const group of options.groups) {
    await using cleanup = new AsyncDisposableStack();
    const world = await openWorld(options, cleanup);
    machine ??= describeMachine(world.database.engine);
    if (group === 'hydrate') {
      const found = await hydrateGroup(world, extent.hydrate, extent.hydrateRepetitions);
      rows.push(...found.rows);
      sizes = found.sizes;
    }
    if (group === 'append') rows.push(...(await appendRows(world, extent.appendRepetitions)));
    if (group === 'encrypt') rows.push(...(await encryptRows(world, extent.encryptRepetitions)));
    if (group === 'rebuild') {
      rows.push(...(await rebuildRows(world, extent.rebuild, extent.rebuildRepetitions)));
    }
    if (group === 'tracing') tracing = await tracingFigures(world, extent.tracingRepetitions);
  }
  return { machine: machine ?? describeMachine('no engine'), rows, sizes, ...(tracing && { tracing }) };
}
