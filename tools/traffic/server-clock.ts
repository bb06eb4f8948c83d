/** An instant known to lie between two, both included, in ms since 1970. */
export interface Window {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** The server is several machines, and clocks drift: what was seen of one may be off by so much for another. */
const slackMs = 250;

/**
 * Translates between the clock of this machine and that of the server, which need not agree: from instants that the
 * server told, of which the one with the shortest way there and back says most.
 */
export class ServerClock {
  readonly #nowMs: () => number;
  #bestMs = Number.POSITIVE_INFINITY;
  #offset: Window = { earliestMs: 0, latestMs: 0 };

  /** `nowMs`: this machine's clock, in ms since 1970. */
  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** This machine's clock, in ms since 1970: what {@link between} takes. */
  localMs(): number {
    return this.#nowMs();
  }

  /** Notes that the server's clock showed `serverMs` at some instant between these two of this machine's clock. */
  observe(serverMs: number, fromLocalMs: number, toLocalMs: number): void {
    if (toLocalMs - fromLocalMs > this.#bestMs) return;
    this.#bestMs = toLocalMs - fromLocalMs;
    this.#offset = { earliestMs: serverMs - toLocalMs, latestMs: serverMs - fromLocalMs };
  }

  /** What the server's clock may have shown between two instants of this machine's clock. */
  between(fromLocalMs: number, toLocalMs: number): Window {
    return {
      earliestMs: Math.floor(fromLocalMs + this.#offset.earliestMs - slackMs),
      latestMs: Math.ceil(toLocalMs + this.#offset.latestMs + slackMs),
    };
  }

  /** What the server's clock may show now. */
  now(): Window {
    const localMs = this.#nowMs();
    return this.between(localMs, localMs);
  }
}
