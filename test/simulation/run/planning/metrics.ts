import type { PersonCommand } from '../../history.ts';
import type { Random } from '../../world/random.ts';

const names = ['Visits', 'Returns'] as const;

/** Makes up commands on the metrics of one history. */
export class Metrics {
  readonly #random: Random;
  readonly #spanMs: number;
  readonly #startMs: number;
  readonly #created = new Set<string>();

  /** `startMs`: the start of the history, in ms since 1970. Deadlines lie within `spanMs` of it, and pass. */
  constructor(random: Random, { startMs, spanMs }: { readonly startMs: number; readonly spanMs: number }) {
    this.#random = random;
    this.#startMs = startMs;
    this.#spanMs = spanMs;
  }

  readonly ids: readonly string[] = ['metric-1', 'metric-2'];

  /** The next command, at this time after the start. `favourite`: the metric that it is about, if it is about any. */
  next(atMs: number, favourite?: string): PersonCommand {
    const random = this.#random;
    const id = this.ids.find((each) => each === favourite) ?? random.pick(this.ids);
    const luck = random.next();
    if (!this.#created.has(id) && luck < 0.9) {
      this.#created.add(id);
      return { context: 'metrics', do: 'create', id, name: names[this.ids.indexOf(id)] ?? id };
    }
    if (luck < 0.03) return { context: 'metrics', do: 'archive', id };
    if (luck < 0.05) return { context: 'metrics', do: 'create', id, name: 'Again' };
    return luck < 0.4 ? this.#target(id, atMs) : this.#values(id);
  }

  /** One in twelve deadlines has passed already. */
  #target(id: string, atMs: number): PersonCommand {
    const random = this.#random;
    const aheadMs = random.chance(0.08)
      ? -random.between(1, 10_000)
      : random.between(1_000, Math.max(2_000, this.#spanMs - atMs));
    return {
      ...{ context: 'metrics', do: 'set-target', id },
      value: random.between(1, 100),
      deadline: new Date(this.#startMs + atMs + aheadMs).toISOString(),
      direction: random.chance(0.7) ? 'at-least' : 'at-most',
    };
  }

  #values(id: string): PersonCommand {
    const random = this.#random;
    const count = random.chance(0.8) ? 1 : random.between(2, 6);
    const values = Array.from({ length: count }, () => random.between(-400, 400) / 4);
    return { context: 'metrics', do: 'record', id, values };
  }
}
