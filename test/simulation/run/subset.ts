import type { Act, Plan } from '../plan.ts';

/**
 * The plan with only these of its acts, in the order of the plan. An act that refers to another one is left out with it. Indexes of acts
 * are those of the new plan.
 */
export function withActs(plan: Plan, kept: ReadonlySet<number>): Plan {
  const placeOf = new Map<number, number>();
  const acts: Act[] = [];
  for (const [index, act] of plan.acts.entries()) {
    const other = referenceOf(act);
    if (!kept.has(index) || (other !== undefined && !isKept(plan, kept, other))) continue;
    placeOf.set(index, acts.length);
    acts.push(act);
  }
  return { ...plan, acts: acts.map((act) => moved(act, placeOf)) };
}

/** The act that this one refers to, by its index. */
function referenceOf(act: Act): number | undefined {
  if (act.kind === 'again') return act.act;
  return act.kind === 'command' ? act.misusesKeyOf : undefined;
}

/** Whether an act is kept, with all acts that it refers to. They may be later in the list. */
function isKept(plan: Plan, kept: ReadonlySet<number>, index: number): boolean {
  const act = plan.acts[index];
  if (act === undefined || !kept.has(index)) return false;
  const other = referenceOf(act);
  return other === undefined || (other !== index && isKept(plan, kept, other));
}

function moved(act: Act, placeOf: ReadonlyMap<number, number>): Act {
  const other = referenceOf(act);
  const place = other === undefined ? undefined : placeOf.get(other);
  if (place === undefined || place === other) return act;
  if (act.kind === 'again') return { ...act, act: place };
  return act.kind === 'command' ? { ...act, misusesKeyOf: place } : act;
}
