import type { RebuilderRequest } from '../../schema/projections.ts';
import { UserError } from '../host/user-error.ts';
import type { Functions } from './functions.ts';
import { isOnlyOnce } from './only-once.ts';
import { PassingFault, sentence } from './passing-fault.ts';
import type { Clock } from './session.ts';

/** Attempts of a request, of which each has the attempts of the client. Between them half a minute of waits. */
const maxAttempts = 6;
const firstWaitMs = 1_000;
const longestWaitMs = 15_000;

export interface RepeatedFunctionsOptions {
  readonly functions: Functions;
  readonly clock: Pick<Clock, 'wait'>;
  /** Prints a line about each attempt that failed. */
  readonly warn: (line: string) => void;
}

/**
 * Repeats requests that fail with a {@link PassingFault}, after waits. Refusals are answers, so they are never repeated, and neither
 * are requests of {@link isOnlyOnce}. @throws {UserError} of the last attempt.
 */
export class RepeatedFunctions implements Functions {
  readonly #options: RepeatedFunctionsOptions;

  constructor(options: RepeatedFunctionsOptions) {
    this.#options = options;
  }

  async invoke<Answer>(name: string, request: object, onRepeat?: () => void): Promise<Answer> {
    const { functions, clock, warn } = this.#options;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await functions.invoke<Answer>(name, attempt === 1 ? request : repeatOf(request), onRepeat);
      } catch (error) {
        if (!(error instanceof PassingFault) || attempt >= maxAttempts) throw error;
        if (isOnlyOnce(request)) {
          throw new UserError(`${sentence(error)} It may have been done all the same: look at "status".`);
        }
        const waitMs = Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs);
        warn(
          `${sentence(error)} Asks again in ${waitMs / 1_000} s, attempt ${attempt + 1} of ${maxAttempts}.`,
        );
        onRepeat?.();
        await clock.wait(waitMs);
      }
    }
  }
}

/** A `begin` may have begun before its answer was lost. Then it resumes its own build; the hold tells it from that of another run. */
function repeatOf(request: object): object {
  return (request as Partial<RebuilderRequest>).action === 'begin' ? { ...request, resume: true } : request;
}
