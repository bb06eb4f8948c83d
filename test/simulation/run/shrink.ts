import type { Plan } from '../plan.ts';
import { judged } from './judged.ts';
import type { Simulation } from './outcome.ts';
import { simplerPlans } from './simpler.ts';
import { withActs } from './subset.ts';

/** Runs that shrinking may take. One takes about 10 ms. */
const usualMaxRuns = 400;

/** A plan that became smaller. */
export interface Shrunk {
  readonly plan: Plan;
  readonly runs: number;
}

/**
 * Makes a plan smaller that has a difference, as long as the same check still finds one: it leaves out acts and faults (delta debugging:
 * halves, quarters, and so on, down to single ones), and simplifies what is left. Ends after `maxRuns` runs.
 */
export async function shrink(
  simulation: Pick<Simulation, 'runPlan'>,
  plan: Plan,
  check: string,
  maxRuns: number = usualMaxRuns,
): Promise<Shrunk> {
  const shrinker = new Shrinker(simulation, plan, check, maxRuns);
  let before: Plan;
  do {
    before = shrinker.plan;
    await shrinker.withoutFaults();
    await shrinker.withoutActs();
    await shrinker.simplify();
  } while (shrinker.plan !== before);
  return { plan: shrinker.plan, runs: shrinker.runs };
}

class Shrinker {
  readonly #simulation: Pick<Simulation, 'runPlan'>;
  readonly #check: string;
  readonly #maxRuns: number;
  plan: Plan;
  runs = 0;

  constructor(simulation: Pick<Simulation, 'runPlan'>, plan: Plan, check: string, maxRuns: number) {
    this.#simulation = simulation;
    this.plan = plan;
    this.#check = check;
    this.#maxRuns = maxRuns;
  }

  async withoutActs(): Promise<void> {
    await this.#without(
      () => this.plan.acts.length,
      (kept) => withActs(this.plan, kept),
    );
  }

  async withoutFaults(): Promise<void> {
    await this.#without(
      () => this.plan.faults.length,
      (kept) => ({ ...this.plan, faults: this.plan.faults.filter((_, index) => kept.has(index)) }),
    );
  }

  /** Takes simpler plans that show the difference. */
  async simplify(): Promise<void> {
    // After a simpler plan, its own simpler plans follow: those before this place were refused a moment ago.
    for (let place = 0; ; ) {
      const simpler = [...simplerPlans(this.plan)][place];
      if (simpler === undefined) return;
      if (!(await this.#take(simpler))) place += 1;
    }
  }

  /** Leaves out parts: first large ones, then smaller ones. `keep`: the plan with only these of them. */
  async #without(count: () => number, keep: (kept: ReadonlySet<number>) => Plan): Promise<void> {
    for (let size = Math.ceil(count() / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
      // From the end: what happens last depends on the most.
      for (let end = count(); end > 0; end = Math.min(end - size, count())) {
        const kept = new Set(Array.from({ length: count() }, (_, index) => index));
        for (let index = Math.max(0, end - size); index < end; index += 1) kept.delete(index);
        await this.#take(keep(kept));
      }
    }
  }

  /** Goes on with this plan if it shows the difference too. */
  async #take(plan: Plan): Promise<boolean> {
    if (this.runs >= this.#maxRuns) return false;
    this.runs += 1;
    const { findings } = await judged(this.#simulation, plan, { isTraced: false });
    if (!findings.some(({ check }) => check === this.#check)) return false;
    this.plan = plan;
    return true;
  }
}
