export { type PartWork, type RebuiltModel, rebuiltModel } from './build.ts';
export type { BuildHolds } from './build-holds.ts';
export { CatchUpError } from './catch-up-streams.ts';
export { comparePart } from './compare-part.ts';
export { foldPart } from './fold-part.ts';
export type { LinkedCommit, LogPage, LogPlace, LogScan, ScannedCommit, TablePart } from './log-scan.ts';
export {
  noCounts,
  type PartName,
  type PartProgress,
  type ProgressStore,
  type StoredProgress,
} from './part-progress.ts';
export { removePart } from './remove-part.ts';
export type { RowPage, RowScan, RowSweep } from './row-scan.ts';
export type { RefusedRow, RowWriter } from './row-writer.ts';
export { SealedLogScan } from './sealed-log-scan.ts';
