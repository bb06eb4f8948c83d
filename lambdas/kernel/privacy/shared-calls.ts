import { type Effects, keyCacheMs } from '../index.ts';

/** A call that has not ended. `askedAtMs`: when it began, in ms since 1970. */
interface Running<Result> {
  readonly askedAtMs: number;
  readonly result: Promise<Result>;
}

/** Calls that run, so that callers of the same name share one. */
export class SharedCalls<Result> {
  readonly #effects: Pick<Effects, 'now'>;
  readonly #running = new Map<string, Running<Result>>();

  constructor(effects: Pick<Effects, 'now'>) {
    this.#effects = effects;
  }

  /** The result of the call that runs. Undefined if there is none, or if it began long ago, for example before the function was frozen. */
  running(name: string): Promise<Result> | undefined {
    const running = this.#running.get(name);
    const ageMs = running === undefined ? -1 : this.#nowMs() - running.askedAtMs;
    return ageMs >= 0 && ageMs < keyCacheMs ? running?.result : undefined;
  }

  /** Starts a call, which others can share until it ends. */
  start(name: string, call: (askedAtMs: number) => Promise<Result>): Promise<Result> {
    const askedAtMs = this.#nowMs();
    const result = call(askedAtMs).finally(() => {
      if (this.#running.get(name)?.result === result) this.#running.delete(name);
    });
    this.#running.set(name, { askedAtMs, result });
    return result;
  }

  #nowMs(): number {
    return Date.parse(this.#effects.now());
  }
}
