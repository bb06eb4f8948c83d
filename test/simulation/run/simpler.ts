import type { Act, Plan, PlanOptions } from '../plan.ts';
import type { Fault } from '../world/faults.ts';

/** Shorter pauses than this one, in ms, make no history easier to read. */
const shortestMs = 1_000;

/** The simplest settings. */
const simplest: PlanOptions = {
  ...{
    snapshotThreshold: 100,
    apiInstances: 1,
    pageBytes: 1_000_000,
    shards: 1,
    projectorsPerShard: 1,
    eventFilters: false,
    longStreamEvents: 0,
  },
};

/** Plans that are a little simpler than this one: other settings, fewer attempts, shorter pauses. Each differs in one place. */
export function* simplerPlans(plan: Plan): Generator<Plan> {
  for (const name of Object.keys(simplest) as (keyof PlanOptions)[]) {
    if (plan.options[name] === simplest[name]) continue;
    yield { ...plan, options: { ...plan.options, [name]: simplest[name] } };
  }
  for (const [index, fault] of plan.faults.entries()) {
    for (const simpler of simplerFaults(fault)) yield { ...plan, faults: plan.faults.with(index, simpler) };
  }
  for (const [index, act] of plan.acts.entries()) {
    for (const simpler of simplerActs(act)) yield { ...plan, acts: plan.acts.with(index, simpler) };
  }
}

function* simplerFaults(fault: Fault): Generator<Fault> {
  if ('forMs' in fault && fault.forMs > shortestMs) yield { ...fault, forMs: Math.floor(fault.forMs / 2) };
  if ('lateMs' in fault && fault.lateMs > shortestMs)
    yield { ...fault, lateMs: Math.floor(fault.lateMs / 2) };
}

function* simplerActs(act: Act): Generator<Act> {
  switch (act.kind) {
    case 'command': {
      if (act.attempts > 1) yield { ...act, attempts: 1 };
      const { expectedVersion, ...rest } = act;
      if (expectedVersion !== undefined) yield rest;
      return;
    }
    case 'rebuild':
      // biome-ignore lint/suspicious/noThenProperty: an act is no promise, and nothing awaits it.
      if (act.then !== 'nothing') yield { ...act, then: 'nothing' };
      if (act.parts > 1) yield { ...act, parts: 1 };
      return;
    case 'ask-past':
      if (act.laterMs > shortestMs) yield { ...act, laterMs: Math.floor(act.laterMs / 2) };
      return;
    default:
      return;
  }
}
