import { forEachConcurrently } from '../../../lambdas/kernel/index.ts';
import type { ReadModelName, SegmentProgress } from '../../../schema/projections.ts';
import { UserError } from '../../host/user-error.ts';
import { type ShowProgress, withEstimate } from '../progress.ts';
import { ask } from '../rebuilder.ts';
import type { Session } from '../session.ts';

/** An answer that moves nothing is asked again, to this number in a row. More is a fault. */
const idleAnswersMax = 1_000;

/** Work on the parts of one generation. */
export interface Parts {
  readonly action: 'fold' | 'compare' | 'remove';
  readonly readModel: ReadModelName;
  readonly generation: string;
  readonly segments: number;
  /** Parts that are worked on at the same time. */
  readonly concurrency: number;
}

/** How far each part is. A part that nobody has begun is undefined. */
export type PartProgress = (SegmentProgress | undefined)[];

/**
 * Works on all parts until they are done. `progress` is updated; parts that are done there are left out. Resolves with the
 * progress of all. @throws {UserError} if a part does not end.
 */
export async function workOnParts(
  { functions }: Pick<Session, 'functions'>,
  parts: Parts,
  progress: PartProgress,
  onProgress: () => void,
): Promise<readonly SegmentProgress[]> {
  const { concurrency, segments } = parts;
  const all = Array.from({ length: segments }, (_, segment) => segment);
  const open = all.filter((segment) => !progress[segment]?.done);
  onProgress();
  await forEachConcurrently(open, concurrency, async (segment) => {
    await workOnPart(functions, parts, segment, (answer) => {
      progress[segment] = answer;
      onProgress();
    });
  });
  return all.flatMap((segment) => progress[segment] ?? []);
}

async function workOnPart(
  functions: Session['functions'],
  { action, readModel, generation }: Parts,
  segment: number,
  onAnswer: (answer: SegmentProgress) => void,
): Promise<void> {
  let last = '';
  for (let idle = 0; idle < idleAnswersMax; idle += 1) {
    const answer = await ask<typeof action>(functions, { action, readModel, generation, segment });
    onAnswer(answer);
    if (answer.done) return;
    const text = JSON.stringify(answer);
    if (text !== last) idle = 0;
    last = text;
  }
  throw new UserError(
    `Part ${segment} of ${generation} of ${readModel} does not move: ${idleAnswersMax} invocations changed nothing.`,
  );
}

/** The sum of the progress of parts. */
export type Total = Omit<SegmentProgress, 'done' | 'fraction'>;

export function totalOf(progress: PartProgress): Total {
  const sum = (count: (part: SegmentProgress) => number) =>
    progress.reduce((total, part) => total + (part ? count(part) : 0), 0);
  const differences: Record<string, number> = {};
  for (const part of progress) {
    for (const [field, count] of Object.entries(part?.differences ?? {})) {
      differences[field] = (differences[field] ?? 0) + count;
    }
  }
  return {
    events: sum(({ events }) => events),
    streams: sum(({ streams }) => streams),
    rows: sum(({ rows }) => rows),
    lines: sum(({ lines }) => lines),
    caughtUp: sum(({ caughtUp }) => caughtUp),
    differences,
    parked: sum(({ parked }) => parked),
  };
}

/** The part of the work that is done, 0 to 1. */
export function fractionOf(progress: PartProgress, segments: number): number {
  const fractions = Array.from({ length: segments }, (_, segment) => {
    const part = progress[segment];
    return part?.done ? 1 : Math.min(part?.fraction ?? 0, 1);
  });
  return fractions.reduce((total, fraction) => total + fraction, 0) / segments;
}

/** Shows the progress of parts, and the time that is left. */
export function showParts(
  { clock }: Pick<Session, 'clock'>,
  show: ShowProgress,
  { action, segments }: Pick<Parts, 'action' | 'segments'>,
  progress: PartProgress,
): () => void {
  const noted = withEstimate(() => clock.nowMs());
  return () => {
    const { events, rows, lines } = totalOf(progress);
    const counts = [
      ...(action === 'fold' ? [`${number(events)} events`] : []),
      `${number(rows)} rows`,
      ...(lines > 0 ? [`${number(lines)} lines`] : []),
    ];
    const fraction = fractionOf(progress, segments);
    show(fraction, noted(fraction, counts.join(', ')));
  };
}

export const number = (value: number) => value.toLocaleString('en');
