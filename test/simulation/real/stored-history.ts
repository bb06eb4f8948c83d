import { setTimeout as delay } from 'node:timers/promises';
import type { RecordedHistory } from '../history.ts';
import { finalRows } from './final-rows.ts';
import type { KilledHost } from './killed-host.ts';
import type { Recorder } from './recorder.ts';
import { StoredTables } from './stored.ts';

/** How the end of a run is read. */
export interface DrainOptions {
  readonly say: (line: string) => void;
  /** Changes what is stored before it is read. */
  readonly damage: ((tables: StoredTables) => Promise<unknown>) | undefined;
}

const drainTimeoutMs = 120_000;
const drainPollMs = 250;
const shownMax = 5;

/** Waits until all consumers are up to date, and reads everything. After the deadline it reads what is there: the checks find it. */
export async function storedHistory(
  host: KilledHost,
  { operations, pasts, reads }: Recorder,
  { say, damage }: DrainOptions,
): Promise<RecordedHistory> {
  const { awsUrl } = await host.whenUp(AbortSignal.timeout(drainTimeoutMs));
  const tables = await StoredTables.of(awsUrl);
  const read = async () => finalRows(await tables.commits(), (name) => tables.readModel(name));
  const deadlineMs = Date.now() + drainTimeoutMs;
  for (let said = ''; Date.now() < deadlineMs; await delay(drainPollMs)) {
    const { behind } = await read();
    if (behind.length === 0) break;
    const line = `${behind.length} rows are behind: ${behind.slice(0, shownMax).join(', ')} ...`;
    if (line !== said) say(line);
    said = line;
  }
  await damage?.(tables);
  const commits = await tables.commits();
  const { rows } = await finalRows(commits, (name) => tables.readModel(name));
  const recorded = commits.map(({ stream, version, commandId, committedAt, events }) => ({
    ...{ stream, version, commandId, committedAt },
    events: events.map(({ id, type, data }) => ({ id, type, data })),
  }));
  // The projectors run in the host's process, so nobody here sees what they say about their progress.
  return { operations, commits: recorded, pasts, reads, progress: [], rows, parked: await tables.parked() };
}
