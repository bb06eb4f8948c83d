import { describeSnapshotStoreContract } from '../testing/snapshot-store.contract.ts';
import { MemorySnapshotStore } from './memory-snapshot-store.ts';

describeSnapshotStoreContract('memory', async () => new MemorySnapshotStore());
