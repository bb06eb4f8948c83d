import { describeEventLogContract } from './event-log.contract.ts';
import { MemoryEventLog } from './memory-event-log.ts';

describeEventLogContract('memory', async () => new MemoryEventLog());
