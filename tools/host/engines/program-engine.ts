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
  /** What the program prints when it is ready. */
  readonly readyLine: RegExp;
  readonly readyTimeoutMs: number;
  /** Resolves when the program answers. For a program that prints its ready line too early. */
  readonly untilAnswers?: (url: string, program: GuardedProcess) => Promise<void>;
  readonly onCrash: OnCrash;
}

/**
 * Starts an engine that is a program of its own, on a free port of an address that no web page knows.
 * @throws {UserError} when it does not start.
 */
export async function startProgramEngine(
  options: ProgramEngineOptions,
): Promise<Engine & { readonly pid: number }> {
  const { name, commandFor, readyLine, readyTimeoutMs, untilAnswers, onCrash } = options;
  const address = await engineAddress();
  for (let attempt = 1; ; attempt++) {
    const port = await freePort(0, '', address);
    const url = `http://${address}:${port}`;
    let program: GuardedProcess | undefined;
    try {
      program = await startGuarded(commandFor(port, address), readyLine, readyTimeoutMs);
      await untilAnswers?.(url, program);
      return { name, url, pid: program.pid, stop: stopOf(name, program, onCrash) };
    } catch (error) {
      await program?.stop();
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
