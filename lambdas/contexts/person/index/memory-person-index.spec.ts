import { MemoryPersonIndex } from './memory-person-index.ts';
import { describePersonIndexContract } from './person-index.contract.ts';

describePersonIndexContract('memory', async () => new MemoryPersonIndex());
