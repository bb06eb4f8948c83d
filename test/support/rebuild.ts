import { setTimeout } from 'node:timers/promises';
import {
  type ReadModelName,
  type ReadModelStatus,
  type RebuilderRequest,
  rebuilderName,
  type SegmentProgress,
} from '../../schema/projections.ts';
import type { InsideHost } from './inside-host.ts';

/** What `ask` invokes: the function of a host. */
export type Ask = <Answer = ReadModelStatus>(request: RebuilderRequest) => Promise<Answer>;

/** Asks the rebuilder. Throws if it refuses. */
export function askRebuilder(inside: Pick<InsideHost, 'invoke'>): Ask {
  return async <Answer>(request: RebuilderRequest) => {
    const answer = await inside.invoke(rebuilderName, request);
    const { refused } = answer as { readonly refused?: string };
    if (refused !== undefined) throw new Error(`${JSON.stringify(request)}: ${refused}`);
    return answer as Answer;
  };
}

/** What a rebuild did: the progress of each part of its phases. */
export interface Rebuilt {
  readonly generation: string;
  readonly folded: readonly SegmentProgress[];
  readonly compared: readonly SegmentProgress[];
}

/** Rebuilds a read model up to the switch, which it leaves to the caller. `meanwhile` runs between the phases. */
export async function rebuild(
  ask: Ask,
  readModel: ReadModelName,
  { segments = 3, meanwhile = async () => {} }: { segments?: number; meanwhile?: () => Promise<void> } = {},
): Promise<Rebuilt> {
  const begun = await ask({ action: 'begin', readModel, segments });
  const generation = begun.building?.generation ?? '';
  const build = { readModel, generation };
  const folded = await inParts(segments, (segment) => ask({ action: 'fold', ...build, segment }));
  await meanwhile();
  const { building } = await ask({ action: 'follow', ...build });
  await setTimeout(Date.parse(building?.readyAt ?? '') - Date.now());
  await meanwhile();
  const compared = await inParts(segments, (segment) => ask({ action: 'compare', ...build, segment }));
  await ask({ action: 'finish', ...build });
  return { generation, folded, compared };
}

/** Deletes the rows of the generations of a read model that were given up. */
export async function removeGivenUp(ask: Ask, readModel: ReadModelName): Promise<readonly SegmentProgress[]> {
  const all = await ask<readonly ReadModelStatus[]>({ action: 'status' });
  const removing = all.find((one) => one.readModel === readModel)?.removing ?? [];
  const parts: SegmentProgress[] = [];
  for (const { generation, removableAt, segments } of removing) {
    await setTimeout(Date.parse(removableAt) - Date.now());
    const remove = (segment: number) =>
      ask<SegmentProgress>({ action: 'remove', readModel, generation, segment });
    parts.push(...(await inParts(segments, remove)));
  }
  return parts;
}

async function inParts(
  segments: number,
  work: (segment: number) => Promise<SegmentProgress>,
): Promise<readonly SegmentProgress[]> {
  const part = async (segment: number) => {
    for (;;) {
      const progress = await work(segment);
      if (progress.done) return progress;
    }
  };
  return Promise.all(Array.from({ length: segments }, (_, segment) => part(segment)));
}

/** The sum of a count over parts. */
export function sumOf(
  parts: readonly SegmentProgress[],
  count: 'events' | 'streams' | 'rows' | 'lines',
): number {
  return parts.reduce((sum, part) => sum + part[count], 0);
}
