import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isOwnFile } from './own-files.ts';
import { isRunning, temporaryFolderPrefix } from './temporary-folder.ts';
import { UserError } from './user-error.ts';

/** What other hosts may know of a host. */
export interface AnnouncedHost {
  readonly pid: number;
  readonly httpPort: number;
  readonly awsPort: number;
  /** Of its receiver of traces. Missing: its functions send none, or to another receiver. */
  readonly tracesPort?: number;
  /** The receiver that it was given. */
  readonly otlpUrl?: string;
  /** The checkout that it runs. */
  readonly project: string;
}

const file = 'host.json';

/** Makes a host known to others of this user. @param temporaryFolder that of the host, which it removes when it stops */
export async function announceHost(temporaryFolder: string, host: AnnouncedHost): Promise<void> {
  await writeFile(join(temporaryFolder, file), JSON.stringify(host), { mode: 0o600 });
}

/** The running host of this user that listens on the port. A host that was killed does not count. */
export function hostAt(port: number, folder = tmpdir()): AnnouncedHost | undefined {
  return runningHosts(folder).find(({ httpPort, awsPort }) => [httpPort, awsPort].includes(port));
}

/**
 * The running host of this user that a command means: the one with this HTTP port or, without a port, the only one that runs this checkout.
 * @throws {UserError} when there is none, or more than one.
 */
export function hostToAsk(project: string, httpPort?: number, folder = tmpdir()): AnnouncedHost {
  const running = runningHosts(folder);
  const meant = running.filter((host) =>
    httpPort === undefined ? host.project === project : host.httpPort === httpPort,
  );
  const [host, ...others] = meant;
  if (host === undefined) {
    const where = httpPort === undefined ? '' : ` at port ${httpPort}`;
    throw new UserError(`No host runs${where}. Start one with: npm start`);
  }
  if (others.length === 0) return host;
  const ports = meant.map((each) => each.httpPort).sort((a, b) => a - b);
  throw new UserError(`Several hosts run. Name the port of one with --http: ${ports.join(', ')}.`);
}

function runningHosts(folder: string): AnnouncedHost[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(temporaryFolderPrefix));
  return names.flatMap((name) => read(join(folder, name, file)) ?? []).filter(({ pid }) => isRunning(pid));
}

/** The error for a port that another host has. */
export function portOfHost(port: number, { pid, httpPort, project }: AnnouncedHost): UserError {
  return new UserError(
    `A host runs already, and has port ${port}: process ${pid} of ${project}, at http://localhost:${httpPort}.\n` +
      `Use that one, or stop it: Ctrl-C where it runs, or kill ${pid}. To run another beside it: npm start -- --http 0 --aws 0`,
  );
}

/** Undefined if the folder has no such file, or if it belongs to another user, who could write anything into it. */
function read(path: string): AnnouncedHost | undefined {
  try {
    if (!isOwnFile(lstatSync(path))) return undefined;
    const host: unknown = JSON.parse(readFileSync(path, 'utf8'));
    return isAnnouncedHost(host) ? host : undefined;
  } catch {
    return undefined; // Its host may just have removed it.
  }
}

function isAnnouncedHost(value: unknown): value is AnnouncedHost {
  const {
    pid,
    httpPort,
    awsPort,
    tracesPort = 1,
    otlpUrl = '',
    project,
  } = Object(value) as Partial<AnnouncedHost>;
  const areNumbers = [pid, httpPort, awsPort, tracesPort].every(
    (each) => Number.isSafeInteger(each) && Number(each) > 0,
  );
  return areNumbers && typeof project === 'string' && typeof otlpUrl === 'string';
}
