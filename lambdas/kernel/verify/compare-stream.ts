import { differingFields } from '../row-differences.ts';
import type { StreamName } from '../stream-name.ts';
import type { ExpectedStream } from './fold-stream.ts';
import { rowIdOf } from './row-id.ts';
import { digestOf, entryPart, type StoredItem, type StoredStream } from './stored-rows.ts';
import type { AnyTarget } from './verified-target.ts';

/** What differs between what is stored of a stream and what must be. */
export interface StreamComparison {
  /** Names of fields of the row, sorted, and names in brackets: see `StreamDifferences` in `schema/projections.ts`. No values. */
  readonly fields: readonly string[];
  /** Lines that are missing or different. */
  readonly wrongLines: readonly string[];
  /** Lines that must not be there. */
  readonly surplusLines: readonly string[];
}

/** Compares what is stored of a stream with a fold of its events. A missing row has no fields. */
export function compareStream(
  target: AnyTarget,
  stream: StreamName,
  stored: StoredStream,
  expected: ExpectedStream,
): StreamComparison {
  const wrong = [...expected.digests].flatMap(([part, digest]) =>
    stored.digests.get(part) === digest || expected.ahead.has(part) ? [] : [part],
  );
  const surplus = [...stored.digests.keys()].filter(
    (part) => !expected.digests.has(part) && !expected.ahead.has(part),
  );
  const row = stored.row && rowDifferences(target, stream, stored.row, expected);
  const isEntryWrong = [...wrong, ...surplus].includes(entryPart);
  return {
    fields: [...(row ?? []), ...(isEntryWrong ? ['(entry)'] : [])],
    wrongLines: wrong.filter((part) => part !== entryPart),
    surplusLines: surplus.filter((part) => part !== entryPart),
  };
}

/** True if nothing differs. */
export function isSame({ fields, wrongLines, surplusLines }: StreamComparison): boolean {
  return fields.length + wrongLines.length + surplusLines.length === 0;
}

function rowDifferences(
  { rows, projection }: AnyTarget,
  stream: StreamName,
  row: StoredItem,
  { at }: ExpectedStream,
): readonly string[] {
  const version = row.version === at?.version ? [] : ['(version)'];
  if (at === undefined) return version;
  const expected = rows.rowItem(rowIdOf(projection, stream), at);
  if (digestOf(expected) === digestOf(row)) return [];
  const others = differingFields(row.others, expected.others)
    // A version or data that cannot be read is named already.
    .filter((name) => name !== 'version' && name !== 'data')
    .map((name) => `(${name})`);
  return [...version, ...differingFields(row.data, expected.data), ...others];
}
