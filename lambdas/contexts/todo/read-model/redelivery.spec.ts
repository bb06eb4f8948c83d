import { MemoryEventLog } from '../../../kernel/memory/memory-event-log.ts';
import { MemoryReadModel } from '../../../kernel/memory/memory-read-model.ts';
import { todoLists } from './projection.ts';
import { describeRedelivery } from './redelivery.contract.ts';

describeRedelivery('memory', 1_000, async () => ({
  log: new MemoryEventLog(),
  readModel: new MemoryReadModel(todoLists),
}));
