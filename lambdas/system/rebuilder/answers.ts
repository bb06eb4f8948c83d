import type { Refusal, SegmentProgress } from '../../../schema/projections.ts';
import type { PartName, PartProgress } from '../../kernel/rebuild/index.ts';
import type { BuildRequest } from './request.ts';

/** A request to work on a part. */
export type PartRequest = Extract<BuildRequest, { readonly action: 'fold' | 'compare' | 'remove' }>;

export function nameOf({ readModel, generation, action, segment }: PartRequest): PartName {
  return { readModel, generation, phase: action, segment };
}

export function answerOf({ done, counts }: PartProgress): SegmentProgress {
  return { done, ...counts, ...(done && { fraction: 1 }) };
}

export function outOfParts(segments: number): Refusal {
  return { refused: `The parts have the numbers 0 to ${segments - 1}.` };
}

export function laterBy(instant: string, ms: number): string {
  return new Date(Date.parse(instant) + ms).toISOString();
}
