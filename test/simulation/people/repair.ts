import type { Act } from '../plan.ts';
import { ask, orGiveUp, tell } from './operator.ts';
import { pause, type Surroundings } from './surroundings.ts';

/** The damage is noticed after this time, in ms. */
const [noticedMinMs, noticedMaxMs] = [500, 10_000];
/** More than the settle time passes before the second repair, in ms. */
const marginMs = 1_000;

/**
 * Damages a row, and repairs its stream: soon, and once more when every projector that began before has ended. Such a projector may
 * have read the damaged row, and saved what it made of it.
 */
export async function damageAndRepair(
  around: Surroundings,
  { atMs, readModel, id }: Extract<Act, { kind: 'damage-and-repair' }>,
): Promise<void> {
  const { time, random, trace } = around.world;
  const source = random.of(`operator/damage of ${id} at ${atMs}`);
  const fromMs = time.nowMs;
  trace.say('a vandal', () => `damages the row of ${id}`);
  around.damageRow(readModel, id);
  await pause(around, source.between(noticedMinMs, noticedMaxMs));
  await repair(around, `${readModel}/${id}`);
  await pause(around, around.settleMs + marginMs);
  const isRepaired = await repair(around, `${readModel}/${id}`);
  around.record.damaged({ readModel, id, fromMs, untilMs: isRepaired ? time.nowMs : undefined });
}

function repair(around: Surroundings, stream: string): Promise<boolean> {
  return orGiveUp(around, `the repair of ${stream}`, async () => {
    tell(around, () => `repairs ${stream}`);
    await ask<'repair'>(around, { action: 'repair', stream });
  });
}
