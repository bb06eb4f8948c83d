import type { ReadModelName } from '../../../schema/projections.ts';
import type { StreamName } from '../../kernel/index.ts';
import type { AnyTarget, Partitions } from '../../kernel/verify/index.ts';

/** A read model as verifying and repairing see it. */
export interface VerifiedModel {
  readonly name: ReadModelName;
  /** The categories whose streams are folded into it. */
  readonly categories: readonly string[];
  /** The rows of one category in a generation. Undefined for another category. */
  readonly targetIn: (generation: string, category: string) => AnyTarget | undefined;
  /** The partitions of its table, of all generations. */
  readonly partitions: Partitions;
  /** The partition of a stream in a generation. */
  readonly partitionOf: (generation: string, stream: StreamName) => string;
  /** The stream of a partition in a generation. Undefined if the partition belongs to another generation. */
  readonly streamOf: (generation: string, partition: string) => StreamName | undefined;
}

/** A read model, and its active generation. */
export type ActiveModel = VerifiedModel & { readonly generation: string };

/** Finds a read model by its name. */
export type LoadVerifiedModel = (name: ReadModelName) => Promise<VerifiedModel>;
