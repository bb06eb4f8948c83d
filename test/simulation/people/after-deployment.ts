import { orGiveUp, tell } from './operator.ts';
import { rebuild } from './rebuild.ts';
import { redrive } from './redrive.ts';
import { pause, type Surroundings } from './surroundings.ts';

/** An operator rebuilds the changed read model after this share of deployments: the others are content with old rows. */
const rebuildShare = 0.4;

/**
 * What the documents ask for after a deployment: when no earlier code runs any more, everything that is parked is redriven, and the read
 * model with changed rows may be rebuilt. Returns whether it was.
 */
export async function afterDeployment(around: Surroundings): Promise<boolean> {
  const { world, oldCodeGoneMs } = around;
  if (oldCodeGoneMs === undefined) return false;
  await pause(around, Math.max(0, oldCodeGoneMs - world.elapsedMs));
  tell(around, () => 'knows that no earlier code runs any more');
  await redrive(around);
  if (!world.random.of('operator/after the deployment').chance(rebuildShare)) return false;
  await orGiveUp(around, 'the rebuild of ledger', () => rebuild(around, 'ledger', 2));
  return true;
}
