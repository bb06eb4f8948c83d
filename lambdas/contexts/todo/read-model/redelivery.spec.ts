import { MemoryEventLog, MemoryReadModel } from '../../../kernel/memory/index.ts';
import { todoLists } from './projection.ts';
import { describeRedelivery } from './redelivery.contract.ts';

describeRedelivery('memory', 1_000, async () => ({
  log: new MemoryEventLog(),
  readModel: new MemoryReadModel(todoLists),
}));
