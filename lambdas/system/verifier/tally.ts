import type { ReadModelDifferences, ReadModelName, VerifierReport } from '../../../schema/projections.ts';
import type { StreamName } from '../../kernel/index.ts';
import type { AnyTarget, VerifiedStream } from '../../kernel/verify/index.ts';

/** Maximum number of differences that a report lists. All are counted. */
export const listedMax = 100;

/** A stream, and the rows that it was compared with. */
interface Compared {
  readonly target: AnyTarget;
  readonly stream: StreamName;
}

/** Adds up what comparisons found. */
export class Tally {
  #counts = { streams: 0, events: 0, differing: 0, behind: 0, parked: 0, skipped: 0 };
  readonly #differences: ReadModelDifferences[] = [];

  /** The result of a comparison. Undefined: there was not enough time for it. */
  note({ target, stream }: Compared, found: VerifiedStream | undefined): void {
    this.#counts.events += found?.events ?? 0;
    if (found === undefined || found.outcome === 'unsettled') {
      this.#counts.skipped += 1;
      return;
    }
    const { outcome, fields, lines } = found;
    this.#counts.streams += 1;
    if (outcome === 'behind') this.#counts.behind += 1;
    if (outcome === 'parked') this.#counts.parked += 1;
    if (outcome !== 'differs') return;
    this.#counts.differing += 1;
    if (this.#differences.length >= listedMax) return;
    const { readModel, generation } = target;
    this.#differences.push({ readModel: readModel as ReadModelName, generation, stream, fields, lines });
  }

  report(): Omit<VerifierReport, 'cursor'> {
    return { ...this.#counts, differences: this.#differences };
  }
}
