/** Whether a target is reached by values of at least, or of at most, the target's value. */
export const directions = ['at-least', 'at-most'] as const;

export type Direction = (typeof directions)[number];

/** The target of a metric. */
export interface Target {
  readonly value: number;
  /** Absent: `at-least`. */
  readonly direction?: Direction | undefined;
  /** The last instant at which a value can reach the target. */
  readonly deadline: string;
  readonly setAt: string;
  readonly outcome: 'pending' | 'reached' | 'expired';
  /** When the target was reached. */
  readonly reachedAt?: string;
}

type Goal = Pick<Target, 'value' | 'direction'>;

/** True if the value is enough to reach the target. */
export function isReachedBy({ value: target, direction = 'at-least' }: Goal, value: number): boolean {
  return direction === 'at-least' ? value >= target : value <= target;
}

/**
 * How far a value is towards the target: 1 at the target, more beyond it, 0 at the distance |target| before it, less than 0
 * farther away. So it is 1 + (the distance beyond the target) / |target|, without bounds. For a positive target to be reached
 * from below it is value / target. Undefined if it is not a finite number: if the target is 0, or if a double cannot hold it.
 */
export function progressTowards({ value: target, direction = 'at-least' }: Goal, value: number) {
  const ratio = value / target;
  const progress = target > 0 === (direction === 'at-least') ? ratio : 2 - ratio;
  // Adding 0 turns -0 into 0.
  return Number.isFinite(progress) ? progress + 0 : undefined;
}
