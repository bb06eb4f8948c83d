import { messageOf, UserError } from '../user-error.ts';
import type { Engine, OnCrash } from './engine.ts';
import { engineAddress } from './engine-address.ts';
import { freePort } from './free-port.ts';
import { type GuardedProcess, startGuarded } from './guard.ts';

const portAttempts = 3;

export interface ProgramEngineOptions {
  readonly name: string;
  /** `address`: of loopback, where it must listen. */
  readonly commandFor: (port: number, address: string) => readonly string[];
  /** The program's whole environment; by default that of this process. */
  readonly environmentFor?: (port: number, address: string) => NodeJS.ProcessEnv;
  /** What the program prints when it is ready. */
  readonly readyLine: RegExp;
  readonly readyTimeoutMs: number;
  readonly onCrash: OnCrash;
}

/**
 * Starts an engine that is a program of its own, on a free port of an address that no web page knows.
 * @throws {UserError} when it does not start.
 */
export async function startProgramEngine(
  options: ProgramEngineOptions,
): Promise<Engine & { readonly pid: number }> {
  const { name, commandFor, environmentFor, readyLine, readyTimeoutMs, onCrash } = options;
  const address = await engineAddress();
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(0, '', address);
    const url = `http://${address}:${port}`;
    const env = environmentFor?.(port, address);
    try {
      const command = commandFor(port, address);
      const program = await startGuarded(command, readyLine, readyTimeoutMs, { ...(env && { env }) });
      return { name, url, pid: program.pid, stop: stopOf(name, program, onCrash) };
    } catch (error) {
      // Another program may have taken the port in the meantime.
      if (attempt === portAttempts) throw new UserError(`${name} did not start: ${messageOf(error)}`);
    }
  }
}

/** Returns a function that stops the program. An end before that call is reported as a crash. */
function stopOf(name: string, program: GuardedProcess, onCrash: OnCrash): () => Promise<void> {
  let isStopping = false;
  program.exited.then((reason) => {
    if (!isStopping) onCrash(name, reason || 'it ended');
  });
  return () => {
    isStopping = true;
    return program.stop();
  };
}
