export { MemoryBookmarks } from './memory-bookmarks.ts';
export { MemoryEventLog } from './memory-event-log.ts';
export { MemoryGenerations } from './memory-generations.ts';
export { MemoryParkingLot } from './memory-parking-lot.ts';
export { MemoryProgressBoard } from './memory-progress-board.ts';
export { MemoryReadModel } from './memory-read-model.ts';
export { MemorySnapshotStore } from './memory-snapshot-store.ts';
export { MemoryWaitingRoom } from './memory-waiting-room.ts';
