import { describeChangingLinesContract, taskProjection } from './changing-lines.contract.ts';
import { MemoryReadModel } from './memory-read-model.ts';
import { describeParkingLotContract } from './parking.contract.ts';
import { MemoryParkingLot } from './parking.ts';
import { describeReadModelContract, tallyProjection } from './read-model.contract.ts';

describeReadModelContract('memory', async () => new MemoryReadModel(tallyProjection));
describeParkingLotContract('memory', async () => new MemoryParkingLot());
describeChangingLinesContract('memory', async () => new MemoryReadModel(taskProjection));
