export type { PartitionPage, Partitions } from './partitions.ts';
export { examineStream, type RepairedTarget, type RepairSources, repairTarget } from './repair-stream.ts';
export { rowIdOf, streamOfRow } from './row-id.ts';
export type { StoredItem, StoredRows } from './stored-rows.ts';
export type { AnyTarget, RowsTarget, VerifySources } from './verified-target.ts';
export {
  deliveryBoundMs,
  type VerifiedStream,
  type VerifyStreamSources,
  verifyStream,
} from './verify-stream.ts';
