import type { ConsumerName } from '../world/faults.ts';
import type { Random } from '../world/random.ts';
import type { World } from '../world/world.ts';

/** How long the consumer stays paused, in ms. Undefined: it is not paused. Call it only if something is withheld by that. */
export function pauseLeftMs({ faults, elapsedMs }: World, consumer: ConsumerName): number | undefined {
  const pauses = faults.inForce('paused').filter((fault) => fault.consumer === consumer);
  if (pauses.length === 0) return undefined;
  faults.strike('paused');
  return Math.max(1, ...pauses.map(({ fromMs, forMs }) => fromMs + forMs - elapsedMs));
}

/** How late the next delivery comes, in ms. Undefined: it is not late. */
export function lateMs(world: World, consumer: ConsumerName, random: Random): number | undefined {
  return struckMs(world, 'delivered-late', consumer, random);
}

/** After how long a batch or message comes again that was delivered, in ms. Undefined: it does not. */
export function againMs(world: World, consumer: ConsumerName, random: Random): number | undefined {
  return struckMs(world, 'delivered-again', consumer, random);
}

function struckMs(
  { faults }: World,
  kind: 'delivered-late' | 'delivered-again',
  consumer: ConsumerName,
  random: Random,
): number | undefined {
  for (const fault of faults.inForce(kind)) {
    if (fault.consumer !== consumer || !random.chance(fault.chance)) continue;
    faults.strike(kind);
    return random.between(1, Math.max(1, Math.round(fault.lateMs)));
  }
  return undefined;
}
