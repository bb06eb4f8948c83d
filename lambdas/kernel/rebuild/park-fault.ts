import { messageOf } from '../errors.ts';
import { park } from '../parking.ts';
import { type PartWork, projectionOf } from './build.ts';

/** A stream that cannot be folded, or whose row cannot be stored. */
export interface FaultyStream {
  readonly stream: string;
  readonly version: number;
  readonly thrown: unknown;
}

/** Parks a stream under the consumer that folds it. Throws in an outage. */
export async function parkFault<Row, Line>(
  { model, parking }: Pick<PartWork<Row, Line>, 'model' | 'parking'>,
  { stream, version, thrown }: FaultyStream,
): Promise<void> {
  const consumer = projectionOf(model, stream).name;
  await park(parking, { consumer, subject: stream, version, reason: messageOf(thrown) }, { error: thrown });
}

/** Parks the streams of rows that the store refused. Returns their number. */
export async function parkRefused<Row, Line>(
  work: Pick<PartWork<Row, Line>, 'model' | 'parking'>,
  refused: ReadonlyMap<string, { readonly version: number; readonly thrown: unknown }>,
): Promise<number> {
  for (const [id, fault] of refused) await parkFault(work, { stream: work.model.streamOf(id), ...fault });
  return refused.size;
}
