import type {
  ReadModelName,
  ReadModelStatus,
  Refusal,
  SegmentProgress,
} from '../../../schema/projections.ts';
import type { Effects, GenerationsStore, History, Parking, SingleRows } from '../../kernel/index.ts';
import type {
  BuildHolds,
  LogScan,
  ProgressStore,
  RebuiltModel,
  RowScan,
  RowSweep,
  RowWriter,
} from '../../kernel/rebuild/index.ts';

/** A read model with the places of its rows. */
export interface RebuildableModel {
  readonly model: RebuiltModel;
  /** Names under which its streams and records are parked. */
  readonly consumers: readonly string[];
  readonly rowsOf: (generation: string) => SingleRows<unknown, unknown>;
  readonly writerOf: (generation: string) => RowWriter<unknown, unknown>;
  readonly rowScan: RowScan<unknown> & RowSweep;
}

/** What a rebuilder needs. */
export interface RebuilderDependencies {
  readonly load: (name: ReadModelName) => Promise<RebuildableModel>;
  readonly generations: GenerationsStore;
  readonly progress: ProgressStore & BuildHolds;
  readonly scan: LogScan;
  readonly history: History;
  readonly parking: Parking;
  readonly effects: Effects;
  /** How long after a change of generations every projector acts on it, in ms. */
  readonly settleMs: number;
}

/** What every action answers. */
export type RebuilderAnswer = SegmentProgress | ReadModelStatus | readonly ReadModelStatus[] | Refusal;
