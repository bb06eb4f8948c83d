import { appendRows } from './groups/append.ts';
import { hydrateGroup } from './groups/hydrate.ts';
import type { Repetitions } from './measure/in-turns.ts';
import type { GroupName, Row, Size } from './measure/row.ts';
import { describeMachine } from './report/machine.ts';
import type { Report } from './report/report.ts';
import { openWorld } from './world.ts';

/** How much is measured. */
export interface Extent {
  /** Lengths of accounts, in events. At least 4 each. */
  readonly hydrate: readonly number[];
  readonly hydrateRepetitions: (events: number) => Repetitions;
  readonly appendRepetitions: Repetitions;
}

/** Everything. */
export const whole: Extent = {
  hydrate: [10, 100, 1_000, 10_000, 100_000],
  hydrateRepetitions: (events) => ({
    warmUps: events < 10_000 ? 5 : 1,
    counted: Math.min(50, Math.max(5, Math.ceil(50_000 / events))),
  }),
  appendRepetitions: { warmUps: 50, counted: 300 },
};

/** Enough to see whether something has become much slower. */
export const quick: Extent = {
  hydrate: [10, 1_000, 10_000],
  hydrateRepetitions: (events) => ({ warmUps: 1, counted: events < 10_000 ? 10 : 3 }),
  appendRepetitions: { warmUps: 20, counted: 50 },
};

/** What to run, and where. */
export interface RunOptions {
  readonly dynamodbUrl: string | undefined;
  readonly groups: readonly GroupName[];
  readonly withCastore: boolean;
  readonly extent: Extent;
  readonly say: (line: string) => void;
}

/** Runs the parts once, each with tables of its own engine that start empty. */
export async function runOnce(options: RunOptions): Promise<Report> {
  const { dynamodbUrl: url, groups, withCastore, extent, say } = options;
  await using cleanup = new AsyncDisposableStack();
  const world = await openWorld({ url, withCastore, say }, cleanup);
  const machine = describeMachine(world.database.engine);
  const rows: Row[] = [];
  const sizes: Size[] = [];
  if (groups.includes('hydrate')) {
    const found = await hydrateGroup(world, extent.hydrate, extent.hydrateRepetitions);
    rows.push(...found.rows);
    sizes.push(...found.sizes);
  }
  if (groups.includes('append')) rows.push(...(await appendRows(world, extent.appendRepetitions)));
  return { machine, rows, sizes };
}
