import { keyOfStream, type StreamName, streamName } from '../stream-name.ts';

type Naming = { readonly category: string; readonly rowIds?: 'keys' | 'streams' };

/** The id of a stream's row. */
export function rowIdOf({ rowIds = 'keys' }: Naming, stream: StreamName): string {
  return rowIds === 'keys' ? keyOfStream(stream) : stream;
}

/** The stream of a row. An id that somebody made up may result in no valid name. */
export function streamOfRow({ rowIds = 'keys', category }: Naming, id: string): StreamName {
  return rowIds === 'keys' ? streamName(category, id) : (id as StreamName);
}
