import { beforeAll, describe, expect, it } from '@jest/globals';
import { DocumentNotFoundError, type DocumentStore } from './document-store.ts';

const bytes = Uint8Array.from({ length: 3_000 }, (_, index) => index % 256);

/** The contract of every document store. */
export function describeDocumentStoreContract(name: string, makeStore: () => Promise<DocumentStore>): void {
  describe(`document store contract: ${name}`, () => {
    let store: DocumentStore;
    beforeAll(async () => {
      store = await makeStore();
    });

    const read = async (key: string) => {
      const document = await store.get(key);
      return { ...document, bytes: Uint8Array.from(document.bytes) };
    };

    it.each(['image/png', 'image/jpeg', 'application/pdf', 'text/plain'] as const)(
      'returns a document of type %s unchanged, kept or not',
      async (contentType) => {
        const key = await store.put({ contentType, bytes });
        expect(await read(key)).toEqual({ contentType, bytes });
        await store.keep(key);
        expect(await read(key)).toEqual({ contentType, bytes });
        await store.keep(key);
        expect(await read(key)).toEqual({ contentType, bytes });
      },
    );

    it('stores each document under a new key', async () => {
      const keys = await Promise.all(
        Array.from({ length: 5 }, () => store.put({ contentType: 'text/plain', bytes })),
      );
      expect(new Set(keys).size).toBe(5);
    });

    it('links to a document', async () => {
      const key = await store.put({ contentType: 'text/plain', bytes });
      const link = {
        contentType: 'text/plain',
        fileName: 'prescription-page-1.txt',
        expiresInSeconds: 60,
      } as const;
      const url = new URL(await store.link(key, link));
      expect(url.pathname).toContain(key);
      expect(url.search).toMatch(/expires=60\b/i);
      expect(url.search).toContain('prescription-page-1.txt');
    });

    it('discards a document, also twice', async () => {
      const key = await store.put({ contentType: 'text/plain', bytes });
      const other = await store.put({ contentType: 'text/plain', bytes });
      await store.discard(key);
      await store.discard(key);
      await expect(store.get(key)).rejects.toThrow(DocumentNotFoundError);
      await expect(store.keep(key)).rejects.toThrow(DocumentNotFoundError);
      expect(await read(other)).toEqual({ contentType: 'text/plain', bytes });
    });
  });
}
