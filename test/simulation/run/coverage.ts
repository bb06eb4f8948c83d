import type { Act } from '../plan.ts';
import { type FaultKind, faultKinds } from '../world/faults.ts';

/** How often something happened. */
export interface Covered {
  /** Number of histories in which it happened. */
  readonly histories: number;
  /** In all histories together. */
  readonly times: number;
}

/** What histories covered, by kind. */
export interface Coverage {
  /** Every kind is there, also one that never struck. */
  readonly faults: Readonly<Record<FaultKind, Covered>>;
  readonly acts: Readonly<Record<string, Covered>>;
}

/** The kind of an act, with the command: "command ledger/credit". */
export function actKind(act: Act): string {
  if (act.kind === 'command') return `command ${act.command.context}/${act.command.do}`;
  if (act.kind === 'rebuild') return `rebuild, then ${act.then}`;
  return act.kind;
}

/** Number of acts by {@link actKind}. */
export function countActs(acts: readonly Act[]): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const act of acts) counts[actKind(act)] = (counts[actKind(act)] ?? 0) + 1;
  return counts;
}

/** Adds up what histories covered. */
export class CoverageSum {
  readonly #faults = new Map<string, Covered>(faultKinds.map((kind) => [kind, { histories: 0, times: 0 }]));
  readonly #acts = new Map<string, Covered>();

  /** Adds a history. */
  add(struck: Readonly<Record<string, number>>, acts: Readonly<Record<string, number>>): void {
    addTo(this.#faults, struck);
    addTo(this.#acts, acts);
  }

  get coverage(): Coverage {
    const acts = [...this.#acts].sort(([a], [b]) => (a < b ? -1 : 1));
    return {
      faults: Object.fromEntries(this.#faults) as Coverage['faults'],
      acts: Object.fromEntries(acts),
    };
  }
}

function addTo(sums: Map<string, Covered>, counts: Readonly<Record<string, number>>): void {
  for (const [kind, times] of Object.entries(counts)) {
    if (times === 0) continue;
    const before = sums.get(kind) ?? { histories: 0, times: 0 };
    sums.set(kind, { histories: before.histories + 1, times: before.times + times });
  }
}
