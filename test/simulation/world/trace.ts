/** What happened in a history, line by line, in words. A trace that nobody reads costs nothing. */
export class Trace {
  readonly #startMs: number;
  readonly #nowMs: () => number;
  readonly #lines: string[] | undefined;

  /** `isKept`: false if nobody will read it. */
  constructor(nowMs: () => number, isKept: boolean) {
    this.#nowMs = nowMs;
    this.#startMs = nowMs();
    this.#lines = isKept ? [] : undefined;
  }

  /** `who`: an instance, a person or a service. `what` is called only if the trace is kept. */
  say(who: string, what: () => string): void {
    if (this.#lines === undefined) return;
    this.#lines.push(`${secondsText(this.#nowMs() - this.#startMs)}  ${who.padEnd(22)} ${what()}`);
  }

  get lines(): readonly string[] {
    return this.#lines ?? [];
  }
}

/** Simulated seconds, right-aligned: "    12.345s". */
export function secondsText(ms: number): string {
  return `${(ms / 1_000).toFixed(3)}s`.padStart(11);
}
