import { describeBookmarksContract } from '../testing/bookmarks.contract.ts';
import { describeChangingLinesContract, taskProjection } from '../testing/changing-lines.contract.ts';
import { describeParkingLotContract } from '../testing/parking.contract.ts';
import { describeProgressContract } from '../testing/progress.contract.ts';
import { describeReadModelContract, tallyProjection } from '../testing/read-model.contract.ts';
import { describeWaitingRoomContract } from '../testing/waiting-room.contract.ts';
import { MemoryBookmarks } from './memory-bookmarks.ts';
import { MemoryParkingLot } from './memory-parking-lot.ts';
import { MemoryProgressBoard } from './memory-progress-board.ts';
import { MemoryReadModel } from './memory-read-model.ts';
import { MemoryWaitingRoom } from './memory-waiting-room.ts';

describeReadModelContract('memory', async () => new MemoryReadModel(tallyProjection));
describeParkingLotContract('memory', async () => new MemoryParkingLot());
describeWaitingRoomContract('memory', async () => new MemoryWaitingRoom());
describeChangingLinesContract('memory', async () => new MemoryReadModel(taskProjection));
describeProgressContract('memory', async () => new MemoryProgressBoard());
describeBookmarksContract('memory', async () => new MemoryBookmarks());
