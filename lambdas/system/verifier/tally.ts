import type { ReadModelDifferences, ReadModelName, VerifierReport } from '../../../schema/projections.ts';
import type { StreamName } from '../../kernel/index.ts';
import type { AnyTarget, VerifiedStream } from '../../kernel/verify/index.ts';

/** Maximum number of differences that a report lists. All are counted. */
export const listedMax = 100;

/** Adds up what comparisons found. */
export class Tally {
  #counts = { streams: 0, events: 0, differing: 0, behind: 0, parked: 0, skipped: 0 };
  readonly #differences: ReadModelDifferences[] = [];

  /** The result of one comparison. */
  note({ readModel, generation }: AnyTarget, stream: StreamName, found: VerifiedStream): void {
    const { outcome, events, fields, lines } = found;
    this.#counts.streams += 1;
    this.#counts.events += events;
    if (outcome === 'behind') this.#counts.behind += 1;
    if (outcome === 'parked') this.#counts.parked += 1;
    if (outcome === 'unsettled') this.#counts.skipped += 1;
    if (outcome !== 'differs') return;
    this.#counts.differing += 1;
    const name = readModel as ReadModelName;
    this.#list({ readModel: name, generation, stream, fields, lines });
  }

  /** Streams were not compared. */
  skip(count: number): void {
    this.#counts.skipped += count;
  }

  /** Adds what another tally has. */
  add({ differences, ...counts }: Omit<VerifierReport, 'cursor'>): void {
    for (const name of Object.keys(this.#counts) as (keyof typeof counts)[])
      this.#counts[name] += counts[name];
    for (const difference of differences) this.#list(difference);
  }

  report(): Omit<VerifierReport, 'cursor'> {
    return { ...this.#counts, differences: this.#differences };
  }

  #list(difference: ReadModelDifferences): void {
    if (this.#differences.length < listedMax) this.#differences.push(difference);
  }
}
