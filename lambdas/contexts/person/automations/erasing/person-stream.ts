import { type StreamName, streamKey, streamName } from '../../../../kernel/index.ts';
import { person } from '../../domain/person.ts';

/** The stream of a person's holds and erasure. */
export function personStream(tenant: string, personId: string): StreamName {
  return streamName(person.category, streamKey(tenant, personId));
}
