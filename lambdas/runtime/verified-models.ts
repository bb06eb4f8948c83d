import { tableVariable } from '../../schema/names.ts';
import type { ReadModelName } from '../../schema/projections.ts';
import { eventLogTable, listIndex, readModelTable } from '../../schema/tables.ts';
import { DynamoDBPartitions, DynamoDBStoredRows } from '../kernel/dynamodb/index.ts';
import type { Commit, Projection, StreamName } from '../kernel/index.ts';
import { type AnyTarget, type Partitions, rowIdOf, streamOfRow } from '../kernel/verify/index.ts';
import type { Platform } from './adapters.ts';
import { requireEnv } from './environment.ts';

// biome-ignore lint/suspicious/noExplicitAny: each projection has its own events, rows and lines, and they are used alike.
type AnyProjection = Projection<any, any, any>;

/** A read model with its projections, each of another category. */
interface Projected {
  readonly name: ReadModelName;
  readonly projections: readonly {
    readonly projection: AnyProjection;
    readonly isDelivered?: (commit: Pick<Commit, 'events'>) => boolean;
  }[];
}

/** The rows of a read model for verifying and repairing, in the table of its variable. */
export function verifiedModel({ name, projections }: Projected, { client, env, effects }: Platform) {
  const table = { name: requireEnv(env, tableVariable(name)), ...readModelTable, listIndex };
  const targetIn = (generation: string, category: string): AnyTarget | undefined => {
    const found = projections.find(({ projection }) => projection.category === category);
    if (found === undefined) return undefined;
    const { projection, isDelivered } = found;
    const options = { table, generation, projection, effects };
    const rows = new DynamoDBStoredRows<unknown, unknown>(client, options);
    return { readModel: name, generation, projection, rows, isDelivered };
  };
  const naming = projections[0]?.projection ?? { category: name };
  // After `row`, the last sort key of a stream.
  const partitioned = { ...table, lastSortKey: { S: '~' } };
  return {
    name,
    categories: projections.map(({ projection }) => projection.category),
    targetIn,
    partitions: new DynamoDBPartitions(client, partitioned, effects) as Partitions,
    partitionOf: (generation: string, stream: StreamName) => `${generation}#${rowIdOf(naming, stream)}`,
    streamOf: (generation: string, partition: string) =>
      partition.startsWith(`${generation}#`)
        ? streamOfRow(naming, partition.slice(generation.length + 1))
        : undefined,
  };
}

/** The streams of the log, in the table that `EVENT_LOG_TABLE` names. */
export function logPartitions({ client, env, effects }: Platform): Partitions {
  const table = {
    name: requireEnv(env, 'EVENT_LOG_TABLE'),
    ...eventLogTable,
    lastSortKey: { N: String(Number.MAX_SAFE_INTEGER) },
  };
  return new DynamoDBPartitions(client, table, effects);
}
