export { crossesSegment, segmentMaxEvents } from './cut.ts';
export type { SealRequest, SealRequests } from './seal-requests.ts';
export { SealedStreams, type SealedStreamsOptions } from './sealed-streams.ts';
export { type SealedFolding, Sealer, type SealerOptions } from './sealer.ts';
export type { SegmentStore } from './segment-store.ts';
export { SegmentedHistory } from './segmented-history.ts';
