import type { Act } from '../plan.ts';
import { ask, orGiveUp, tell } from './operator.ts';
import { pause, type Surroundings } from './surroundings.ts';

type DamageAct = Extract<Act, { kind: 'damage-and-repair' }>;

/** The damage is noticed after this time, in ms. */
const [noticedMinMs, noticedMaxMs] = [500, 10_000];
/** More than the settle time passes before the next repair, in ms. */
const marginMs = 1_000;
/** Repairs of one row at most. Usually the second one finds nothing. */
const maxRepairs = 6;

/**
 * Damages a row, and repairs its stream: soon, and then after each settle time until nothing differs, at least once. A projector that
 * had read the damaged row may have saved what it made of it. Returns false if the operator has given it up before that.
 */
export async function damageAndRepair(
  around: Surroundings,
  { atMs, readModel, id }: DamageAct,
): Promise<boolean> {
  const { time, random, trace } = around.world;
  const source = random.of(`operator/damage of ${id} at ${atMs}`);
  const fromMs = time.nowMs;
  trace.say('a vandal', () => `damages the row of ${id}`);
  around.damageRow(readModel, id);
  await pause(around, source.between(noticedMinMs, noticedMaxMs));
  const isSettled = await repair(around, { readModel, id });
  around.record.damaged({ readModel, id, fromMs, untilMs: isSettled ? time.nowMs : undefined });
  return isSettled;
}

/** Repairs a stream until nothing differs, at least twice. False: the operator has given it up before that. */
export async function repair(
  around: Surroundings,
  { readModel, id }: Pick<DamageAct, 'readModel' | 'id'>,
): Promise<boolean> {
  let isSettled = await findsNothing(around, `${readModel}/${id}`);
  for (let repairs = 1; repairs < maxRepairs && (repairs === 1 || !isSettled); repairs += 1) {
    await pause(around, around.settleMs + marginMs);
    isSettled = await findsNothing(around, `${readModel}/${id}`);
  }
  return isSettled;
}

/** Repairs a stream. True if nothing differed, and no earlier attempt may have replaced anything. */
async function findsNothing(around: Surroundings, stream: string): Promise<boolean> {
  let isSure = true;
  const isAnswered = await orGiveUp(around, `the repair of ${stream}`, async () => {
    tell(around, () => `repairs ${stream}`);
    const { generations } = await ask<'repair'>(around, { action: 'repair', stream }, () => {
      isSure = false;
    });
    const mended = generations.filter(({ fields, lines }) => fields.length > 0 || lines > 0);
    if (mended.length > 0) isSure = false;
    tell(around, () => `has repaired ${stream}: ${mended.length} of ${generations.length} rows differed`);
  });
  return isAnswered && isSure;
}
