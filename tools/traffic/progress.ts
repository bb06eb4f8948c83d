import { Presets, SingleBar } from 'cli-progress';

/** A bar on stderr that shows how far a phase of the run has come; `note` stands behind it. */
export class Progress {
  readonly #bar: SingleBar;
  readonly #startedAtMs = performance.now();
  #total: number;

  constructor(title: string, unit: string, total: number) {
    this.#total = total;
    const format = `${title.padEnd(12)} {bar} {value}/{total} ${unit} {note}`;
    // The run itself handles signals, and stops its bar; logs get a line every so often.
    const output = { fps: 5, noTTYOutput: true, notTTYSchedule: 5_000, gracefulExit: false };
    this.#bar = new SingleBar({ format, hideCursor: true, barsize: 30, ...output }, Presets.shades_classic);
    this.#bar.start(total, 0, { note: '' });
  }

  /** Moves the bar; never beyond its end. */
  show(value: number, note: string, total = this.#total): void {
    if (total !== this.#total) {
      this.#total = total;
      this.#bar.setTotal(total);
    }
    this.#bar.update(Math.min(value, total), { note });
  }

  /** What has come by per second since the start. */
  perSecond(value: number): number {
    return Math.round((value * 1_000) / Math.max(1, performance.now() - this.#startedAtMs));
  }

  stop(): void {
    this.#bar.stop();
  }
}
