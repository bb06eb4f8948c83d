import { freePort, loopback } from '../engines/free-port.ts';
import type { IdleLimits } from '../lambda/idle-instances.ts';
import type { FunctionInstance, InstanceOptions } from '../lambda/instance.ts';
import { UserError } from '../user-error.ts';
import { firstInspectorPort, type Inspection } from './inspect-option.ts';
import { InspectedInstance } from './inspected-instance.ts';

/** A debugger stays attached to an instance without work. */
export const inspectedIdleLimits: IdleLimits = { spareMs: 60_000, lastMs: Number.POSITIVE_INFINITY };

/** Ports that are tried, beginning with the first. */
const triedPorts = 100;

/** Runs the instances of one function, one at a time, so that a debugger can attach to it. */
export class Inspector {
  readonly functionName: string;
  /** Debuggers attach to it, on the loopback address. Each instance of the function has the same. */
  readonly port: number;
  #ended: Promise<unknown> = Promise.resolve();

  constructor({ functionName, port }: Required<Inspection>) {
    this.functionName = functionName;
    this.port = port;
  }

  /** Starts an instance as soon as the one before has ended. */
  readonly start = (options: InstanceOptions): FunctionInstance => {
    const instance = new InspectedInstance({ ...options, port: this.port, after: this.#ended });
    this.#ended = Promise.all([this.#ended, instance.ended]);
    return instance;
  };
}

/** @throws {UserError} when a port is in use */
export async function inspectorsFor(inspections: readonly Inspection[]): Promise<readonly Inspector[]> {
  const chosen = new Set(inspections.flatMap(({ port }) => port ?? []));
  const inspectors: Inspector[] = [];
  for (const { functionName, port } of inspections) {
    const free =
      port === undefined ? await nextFreePort(chosen) : await freePort(port, '--inspect NAME:PORT');
    chosen.add(free);
    inspectors.push(new Inspector({ functionName, port: free }));
  }
  return inspectors;
}

async function nextFreePort(chosen: ReadonlySet<number>): Promise<number> {
  for (let port = firstInspectorPort; port < firstInspectorPort + triedPorts; port++) {
    if (chosen.has(port)) continue;
    const free = await freePort(port).catch(() => undefined);
    if (free !== undefined) return free;
  }
  throw new UserError(
    `No port from ${firstInspectorPort} is free for a debugger: choose one with --inspect NAME:PORT.`,
  );
}

/** What a person needs to know to debug: where to attach, and what is different then. */
export function inspectionText(inspectors: readonly Inspector[]): string {
  const lines = inspectors.map(
    ({ functionName, port }) => `Debugger for ${functionName}: attach to ${loopback}:${port}`,
  );
  return lines.join('\n');
}
