import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ledgerContext } from '../../lambdas/contexts/ledger/context.ts';
import { DynamoDBSegmentStore } from '../../lambdas/kernel/dynamodb/index.ts';
import {
  type EventLog,
  type SealedHistory,
  type StreamName,
  streamName,
} from '../../lambdas/kernel/index.ts';
import { SealedStreams, Sealer, type SegmentStore } from '../../lambdas/kernel/segments/index.ts';
import { tables } from '../../test/support/test-dynamodb.ts';
import type { Size } from '../measure/row.ts';
import { itemsOf } from './items-of.ts';
import { itemBytes } from './write-items.ts';

const neverSealed = streamName('ledger', 'never-sealed');

/** The two states of a stream's history: before it is sealed, and after. */
export interface Histories {
  /** Looks for segments and finds none. */
  readonly unsealed: SealedHistory;
  readonly sealed: SealedHistory;
}

/** Readers of one segment table, with a log that proves what is in it. */
export function histories(client: DynamoDBClient, log: EventLog): Histories {
  const segments = new DynamoDBSegmentStore(client, tables.segments);
  const none: SegmentStore = {
    ...{ putSegment: refuse, putRow: refuse, putHead: refuse },
    head: () => segments.head(neverSealed),
    rowBefore: (_, version) => segments.rowBefore(neverSealed, version),
    segments: (_, range) => segments.segments(neverSealed, range),
  };
  return {
    unsealed: new SealedStreams({ segments: none, log }),
    sealed: new SealedStreams({ segments, log }),
  };
}

/** Seals a stream of the ledger to its last complete segment. Returns what its segments take. */
export async function seal(client: DynamoDBClient, log: EventLog, stream: StreamName): Promise<Size> {
  const { projection } = ledgerContext;
  const sealer = new Sealer({
    log,
    segments: new DynamoDBSegmentStore(client, tables.segments),
    projections: new Map([[projection.category, projection]]),
  });
  const { version } = await sealer.seal({ stream }, () => true);
  let bytes = 0;
  for await (const item of itemsOf(client, tables.segments, stream)) bytes += itemBytes(item);
  return { what: 'again in segments, with rows', events: version, bytes };
}

async function refuse(): Promise<never> {
  throw new Error('Nothing is sealed here.');
}
