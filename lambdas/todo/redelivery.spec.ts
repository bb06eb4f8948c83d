import { MemoryEventLog } from '../eventsourcing/event-log/memory-event-log.ts';
import { MemoryReadModel } from '../eventsourcing/projecting/memory-read-model.ts';
import { todoLists } from './projection.ts';
import { describeRedelivery } from './redelivery.contract.ts';

describeRedelivery('memory', 1_000, async () => ({
  log: new MemoryEventLog(),
  readModel: new MemoryReadModel(todoLists),
}));
