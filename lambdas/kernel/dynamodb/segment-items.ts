import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import type { StreamName } from '../commit.ts';
import type { StoredEnd, StoredHead, StoredRow, StoredSegment } from '../segments/segment-store.ts';
import { bytesIn, type RawItem } from './query-page.ts';

type Item = Record<string, AttributeValue>;

/** The attributes of a segment, without its keys. */
export function toSegment(segment: StoredSegment): Item {
  const { hashBefore, packed } = segment;
  return { ...toEnd(segment), ...optional('hashBefore', hashBefore), packed: { B: packed } };
}

/** The segment in an item. A damaged item makes a segment whose checksum is wrong. */
export function segmentOf(stream: StreamName, item: RawItem, sortKey: string): StoredSegment {
  return {
    ...endOf(stream, item),
    firstVersion: versionIn(item, sortKey),
    hashBefore: item['hashBefore']?.S,
    packed: bytesIn(item, 'packed') ?? new Uint8Array(),
  };
}

/** The attributes of a row, without its keys. */
export function toRow(stored: StoredRow): Item {
  const { committedAt, projection, rowVersion, row } = stored;
  return {
    ...toEnd(stored),
    committedAt: { S: committedAt },
    projection: { S: projection },
    rowVersion: { N: String(rowVersion) },
    row: { S: row },
  };
}

/** The row in an item. A damaged item makes a row whose checksum is wrong. */
export function rowOf(stream: StreamName, item: RawItem, sortKey: string): StoredRow {
  return {
    ...endOf(stream, item),
    version: versionIn(item, sortKey),
    committedAt: item['committedAt']?.S ?? '',
    projection: item['projection']?.S ?? '',
    rowVersion: Number(item['rowVersion']?.N),
    row: item['row']?.S ?? '',
  };
}

/** The attributes of a head, without its keys. */
export function toHead(head: StoredHead): Item {
  return { ...toEnd(head), committedAt: { S: head.committedAt }, commands: { B: head.commands } };
}

/** The head in an item. A damaged item makes a head whose checksum is wrong. */
export function headOf(stream: StreamName, item: RawItem): StoredHead {
  return {
    ...endOf(stream, item),
    committedAt: item['committedAt']?.S ?? '',
    commands: bytesIn(item, 'commands') ?? new Uint8Array(),
  };
}

function toEnd({ version, lastCommit, hash, checksum }: StoredEnd): Item {
  return {
    version: { N: String(version) },
    lastCommit: { N: String(lastCommit) },
    ...optional('hash', hash),
    checksum: { S: checksum },
  };
}

function endOf(stream: StreamName, item: RawItem): StoredEnd {
  return {
    stream,
    version: Number(item['version']?.N),
    lastCommit: Number(item['lastCommit']?.N),
    hash: item['hash']?.S,
    checksum: item['checksum']?.S ?? '',
  };
}

/** The version in the name of a part: its key is where it is, whatever its attributes say. */
function versionIn(item: RawItem, sortKey: string): number {
  return Number(item[sortKey]?.S?.split('#')[1]);
}

function optional(name: string, text: string | undefined): Item {
  return text === undefined ? {} : { [name]: { S: text } };
}
