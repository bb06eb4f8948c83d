import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { synthesize } from '../../../tools/host/template/synthesize.ts';
import type { RecordedHistory } from '../history.ts';
import { Random } from '../world/random.ts';
import { ApiClient } from './api-client.ts';
import { copyForRun } from './assembly.ts';
import { KilledHost } from './killed-host.ts';
import { Known } from './known.ts';
import { Person, type Shared } from './person.ts';
import { isOpen, Recorder } from './recorder.ts';
import { type RealReport, reportOf } from './report.ts';
import { restartAgainAndAgain } from './restarts.ts';
import type { StoredTables } from './stored.ts';
import { storedHistory } from './stored-history.ts';

/** A run of the real pipeline. */
export interface RealOptions {
  /** What people ask for, and when the host is killed. The host's own timing is its own, so no run is repeated to the letter. */
  readonly seed: number;
  /** How often the host is killed and started again. */
  readonly restarts: number;
  /** People who send commands at the same time. Default: 6. */
  readonly people?: number;
  /** Keeps the host's data after the run, for a person who looks into a finding. Default: false. */
  readonly keep?: boolean;
  /** Keeps what happened in this file, as JSON, to judge it again. Default: nowhere. */
  readonly recordFile?: string;
  /** Called with the progress. */
  readonly say?: (line: string) => void;
  /** Changes what is stored before it is read for the checks: for tests of the checks. */
  readonly damage?: (tables: StoredTables) => Promise<unknown>;
}

const projectRoot = join(import.meta.dirname, '../../..');
const accounts = ['acc-1', 'acc-2', 'acc-3', 'acc-4', 'acc-5', 'acc-6', 'acc-7', 'acc-8'];
const lastTimeoutMs = 120_000;
/** Attempts for what is still open at the end. */
const lastAttempts = 100;
const lastPatienceMs = 20_000;

/**
 * Runs the whole app in a process over a folder of its own, kills it again and again during traffic, and checks what is in its tables at
 * the end. Throws if the host does not start or ends by itself.
 */
export async function runReal(options: RealOptions): Promise<RealReport> {
  const startedMs = Date.now();
  options.say?.('Building the app, if it has changed ...');
  const assemblyFolder = await synthesize(projectRoot);
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-real-'));
  const host = new KilledHost(join(folder, 'app'), join(folder, 'data'));
  try {
    await copyForRun(assemblyFolder, join(folder, 'app'));
    const history = await recordedHistory(host, options);
    if (options.recordFile !== undefined) await writeFile(options.recordFile, JSON.stringify(history));
    return reportOf(history, { ...options, durationMs: Date.now() - startedMs });
  } finally {
    await host.end();
    if (options.keep === true) options.say?.(`The data are kept in ${folder}.`);
    else await rm(folder, { recursive: true, force: true });
  }
}

async function recordedHistory(host: KilledHost, options: RealOptions): Promise<RecordedHistory> {
  const { seed, people = 6, say = () => undefined, damage } = options;
  const recorder = new Recorder();
  const stop = new AbortController();
  const client = new ApiClient(host, recorder, stop.signal);
  const shared: Shared = { client, recorder, known: new Known(accounts), questions: [] };
  const acting = Array.from({ length: people }, (_, index) =>
    new Person(`p${index + 1}`, new Random(seed, `person ${index}`), shared).act(stop.signal),
  );
  const failing = Promise.all(acting);
  failing.catch(() => undefined);
  try {
    await Promise.race([restartAgainAndAgain(host, recorder, options), failing]);
  } finally {
    stop.abort();
  }
  await failing;
  const open = recorder.operations.filter(isOpen);
  say(`Sending ${open.length} commands again that were not answered ...`);
  const last = new ApiClient(host, recorder, AbortSignal.timeout(lastTimeoutMs));
  for (const operation of open)
    await last.send(operation, { attempts: lastAttempts, patienceMs: lastPatienceMs });
  for (const { context, id, point } of shared.questions) await last.ask(context, id, point);
  return storedHistory(host, recorder, { say, damage });
}
