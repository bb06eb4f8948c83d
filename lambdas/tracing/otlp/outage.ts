import { exportMessages } from '../../../schema/tracing.ts';
import type { ExportFailure } from './export-failure.ts';
import type { TracingEffects } from './tracing-effects.ts';

/** After a failure, nothing is sent for this time. */
export const silenceMs = 30_000;

/** Where the exporter says what happens to it. */
export interface ExportLog {
  warn(message: string, details: Readonly<Record<string, unknown>>): void;
  info(message: string, details: Readonly<Record<string, unknown>>): void;
}

/** An outage of the receiver: one warning when it begins, one line when it is over, and time in which nothing is sent. */
export class Outage {
  readonly #log: ExportLog;
  readonly #effects: Pick<TracingEffects, 'elapsed'>;
  #problem: 'failure' | 'partial' | undefined;
  #silentUntil = Number.NEGATIVE_INFINITY;
  #dropped = 0;

  constructor(log: ExportLog, effects: Pick<TracingEffects, 'elapsed'>) {
    this.#log = log;
    this.#effects = effects;
  }

  /** Nothing is sent now. */
  get silent(): boolean {
    return this.#effects.elapsed() < this.#silentUntil;
  }

  /** Spans were dropped in it. */
  drop(spans: number): void {
    this.#dropped += spans;
  }

  failed(failure: ExportFailure): void {
    this.#silentUntil = this.#effects.elapsed() + silenceMs;
    if (this.#problem === 'failure') return;
    this.#problem = 'failure';
    this.#log.warn(
      `${exportMessages.failed}: their spans are dropped, and counted as SpansDropped. ${failure.message}`,
      {
        ...(failure.status !== undefined && { status: failure.status }),
        retryAfterMs: silenceMs,
      },
    );
  }

  /** Some spans were not taken, although the receiver works. */
  partly(reason: string): void {
    if (this.#problem === 'partial') return;
    this.#problem = 'partial';
    this.#log.warn(`${reason} They are dropped, and counted as SpansDropped.`, {});
  }

  over(): void {
    if (this.#problem === undefined) return;
    this.#problem = undefined;
    this.#log.info(`${exportMessages.over}.`, { spansDropped: this.#dropped });
    this.#dropped = 0;
  }
}
