import { expect, it } from '@jest/globals';
import { describeDocumentStoreContract } from './document-store.contract.ts';
import { MemoryDocumentStore } from './memory-document-store.ts';

describeDocumentStoreContract('memory', async () => new MemoryDocumentStore());

it('the memory document store shows the status that a lifecycle rule would use', async () => {
  const store = new MemoryDocumentStore();
  const document = { contentType: 'text/plain', bytes: Buffer.from('a') } as const;
  const [uploaded, kept, discarded] = [
    await store.put(document),
    await store.put(document),
    await store.put(document),
  ];
  await store.keep(kept);
  await store.discard(discarded);
  expect([...store.statuses]).toEqual([
    [uploaded, 'uploaded'],
    [kept, 'kept'],
  ]);
});
