/** An instant known to lie between two others, both included, in ms since 1970. */
export interface TimeWindow {
  readonly earliestMs: number;
  readonly latestMs: number;
}

/** Every instant. */
export const anyTime: TimeWindow = {
  earliestMs: Number.NEGATIVE_INFINITY,
  latestMs: Number.POSITIVE_INFINITY,
};

/** The server is several machines and clocks drift: the difference seen for one may be off by this for another. */
const toleranceMs = 250;

/** Translates this machine's clock to the server's. The shortest round trip gives the most exact difference. */
export class ServerClock {
  /** This machine's clock, in ms since 1970. */
  readonly localMs: () => number;
  #shortestMs = Number.POSITIVE_INFINITY;
  #aheadBy: TimeWindow = { earliestMs: 0, latestMs: 0 };

  constructor(localMs: () => number) {
    this.localMs = localMs;
  }

  /** The server's clock showed `serverMs` at an instant between these two of this machine's clock. */
  observe(serverMs: number, fromMs: number, toMs: number): void {
    if (toMs - fromMs > this.#shortestMs) return;
    this.#shortestMs = toMs - fromMs;
    this.#aheadBy = { earliestMs: serverMs - toMs, latestMs: serverMs - fromMs };
  }

  /** What the server's clock may have shown between two instants of this machine's clock. */
  between(fromMs: number, toMs: number): TimeWindow {
    const { earliestMs, latestMs } = this.#aheadBy;
    return {
      earliestMs: Math.floor(fromMs + earliestMs - toleranceMs),
      latestMs: Math.ceil(toMs + latestMs + toleranceMs),
    };
  }

  /** What the server's clock may show now. */
  now(): TimeWindow {
    const nowMs = this.localMs();
    return this.between(nowMs, nowMs);
  }
}
