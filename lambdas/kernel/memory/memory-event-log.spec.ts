import { describeEventLogContract } from '../testing/event-log.contract.ts';
import { MemoryEventLog } from './memory-event-log.ts';

describeEventLogContract('memory', async () => new MemoryEventLog());
