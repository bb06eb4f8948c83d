import { MemorySnapshotStore } from './memory-snapshot-store.ts';
import { describeSnapshotStoreContract } from './snapshot-store.contract.ts';

describeSnapshotStoreContract('memory', async () => new MemorySnapshotStore());
