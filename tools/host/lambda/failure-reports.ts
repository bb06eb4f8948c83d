import type { FunctionFailure } from './failure.ts';
import { briefly, errorLines, headlineOf, signatureOf } from './failure-text.ts';
import { startTimer, type Timer } from './timer.ts';

export interface FailureReportsOptions {
  /** The folder of the project. Paths in it are shown relative to it. */
  readonly root: string;
  readonly warn: (line: string) => void;
  /** What a person can do about code that did not load. */
  readonly loadAdvice: string;
  /** How long the same failure is only counted, in ms. Default: a minute. */
  readonly windowMs?: number;
  readonly after?: Timer;
}

/** Where failures of functions are reported. */
export interface FailureSink {
  /** Returns the number of the failure in the output; undefined if it is only counted, together with other errors. */
  report(failure: FunctionFailure): number | undefined;
  /** The code of the function has changed. */
  forget(functionName: string): void;
}

/** A failure that was told, and what came after it. */
interface Told {
  readonly number: number;
  readonly functionName: string;
  /** The error in a few words. */
  readonly what: string;
  repeats: number;
  cancel: () => void;
}

/** Different failures of one function that are told in one window. Later ones are counted together. */
const toldAtOnce = 20;

/**
 * Tells a person what functions do wrong. A failure is told whole once. While the same happens again, only its number is
 * told, once per window: events are tried again without end. Messages of errors are shown, and they may quote values of a request:
 * this is for the console of a developer, and not for a log.
 */
export class FailureReports implements FailureSink {
  readonly #options: Required<FailureReportsOptions>;
  readonly #told = new Map<string, Told>();
  #count = 0;

  constructor(options: FailureReportsOptions) {
    this.#options = { windowMs: 60_000, after: startTimer, ...options };
  }

  /** The same failure has the same number, for as long as it goes on. */
  report(failure: FunctionFailure): number | undefined {
    const { functionName, kind, error } = failure;
    const isFull = this.#toldOf(functionName).length >= toldAtOnce;
    const own = `${functionName} ${kind} ${signatureOf(error)}`;
    const key = isFull && !this.#told.has(own) ? `${functionName} others` : own;
    const earlier = this.#told.get(key);
    if (earlier !== undefined) {
      earlier.repeats++;
      // Under the number of the others, the output has another error.
      return key === own ? earlier.number : undefined;
    }
    const number = ++this.#count;
    const what = key === own ? briefly(error) : 'and other errors';
    const told = { number, functionName, what, repeats: 0, cancel: () => undefined };
    this.#told.set(key, told);
    this.#startWindow(key, told);
    this.#options.warn(this.#textOf(number, failure));
    return number;
  }

  /** After a change of its code, the failures of a function are told whole again. */
  forget(functionName: string): void {
    for (const [key, told] of this.#told) {
      if (told.functionName === functionName) this.#end(key, told);
    }
  }

  /** Tells the numbers that are not told yet. */
  stop(): void {
    for (const [key, told] of this.#told) {
      this.#end(key, told);
      if (told.repeats > 0) this.#tellRepeats(told);
    }
  }

  #startWindow(key: string, told: Told): void {
    told.cancel = this.#options.after(this.#options.windowMs, () => {
      if (told.repeats === 0) {
        this.#told.delete(key);
        return;
      }
      this.#tellRepeats(told);
      this.#startWindow(key, told);
    });
  }

  #end(key: string, told: Told): void {
    told.cancel();
    this.#told.delete(key);
  }

  #tellRepeats(told: Told): void {
    const times = told.repeats === 1 ? 'once' : `${told.repeats} times`;
    told.repeats = 0;
    this.#options.warn(`Failure ${told.number} again, ${times}: ${told.functionName}, ${told.what}`);
  }

  #toldOf(functionName: string): Told[] {
    return [...this.#told.values()].filter((told) => told.functionName === functionName);
  }

  #textOf(number: number, failure: FunctionFailure): string {
    const lines = errorLines(failure.error, this.#options.root).flatMap((line) => line.split('\n'));
    const advice = failure.kind === 'load' ? [this.#options.loadAdvice] : [];
    return [`Failure ${number}: ${headlineOf(failure)}.`, ...lines, ...advice].join('\n  ');
  }
}
