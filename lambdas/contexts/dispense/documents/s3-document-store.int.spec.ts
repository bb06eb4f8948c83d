import type { S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { startTestS3 } from '../../../../test/support/test-s3.ts';
import { describeDocumentStoreContract } from './document-store.contract.ts';
import { S3DocumentStore } from './s3-document-store.ts';

const bucketName = 'prescriptions';

/** Records the requests in the order in which they were sent. */
class NotingHandler extends NodeHttpHandler {
  readonly requests: Parameters<NodeHttpHandler['handle']>[0][] = [];

  override handle(...args: Parameters<NodeHttpHandler['handle']>): ReturnType<NodeHttpHandler['handle']> {
    this.requests.push(args[0]);
    return super.handle(...args);
  }
}

const handler = new NotingHandler();
let client: S3Client;
let stop: (() => Promise<void>) | undefined;
beforeAll(async () => {
  ({ client, stop } = await startTestS3(bucketName, { requestHandler: handler }));
});
afterAll(() => stop?.());

describeDocumentStoreContract('S3', async () => new S3DocumentStore(client, bucketName));

describe('the S3 document store', () => {
  const document = { contentType: 'text/plain', bytes: Buffer.from('Amoxicillin 500 mg') } as const;
  const asFile = {
    contentType: 'text/plain',
    fileName: 'prescription-page-1.txt',
    expiresInSeconds: 60,
  } as const;

  it('creates a link with which anyone can read the document', async () => {
    const store = new S3DocumentStore(client, bucketName);
    const response = await fetch(await store.link(await store.put(document), asFile));
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('text/plain');
    expect(await response.text()).toBe('Amoxicillin 500 mg');
  });

  it('links to a file to be saved, whose name says nothing, also once the document is kept', async () => {
    const store = new S3DocumentStore(client, bucketName);
    const key = await store.put(document);
    for (const _ of ['put', 'kept']) {
      const link = await store.link(key, asFile);
      const { searchParams } = new URL(link);
      expect(Object.fromEntries(searchParams)).toMatchObject({
        'response-content-disposition': 'attachment; filename="prescription-page-1.txt"',
        'response-content-type': 'text/plain',
        'response-cache-control': 'no-store',
      });
      // The engine does not know these parameters. The object itself is a file to be saved too.
      expect((await fetch(link)).headers.get('content-disposition')).toBe(
        'attachment; filename="prescription"',
      );
      await store.keep(key);
    }
  });

  it('tags a document as uploaded, and as kept once it is kept', async () => {
    const store = new S3DocumentStore(client, bucketName);
    const sent = handler.requests.length;
    const key = await store.put(document);
    await store.keep(key);
    const requests = handler.requests.slice(sent);
    expect(requests.map(({ method, path }) => [method, path])).toEqual([
      ['PUT', `/${bucketName}/${key}`],
      ['HEAD', `/${bucketName}/${key}`],
      ['PUT', `/${bucketName}/${key}`],
    ]);
    expect(requests[0]?.headers).toMatchObject({
      'x-amz-tagging': 'state=uploaded',
      'content-type': 'text/plain',
    });
    expect(requests[2]?.headers).toMatchObject({
      'x-amz-copy-source': `${bucketName}/${key}`,
      'x-amz-metadata-directive': 'REPLACE',
      'content-type': 'text/plain',
      'x-amz-tagging-directive': 'REPLACE',
      'x-amz-tagging': 'state=kept',
    });
  });

  it('distinguishes a missing bucket from a missing document', async () => {
    const store = new S3DocumentStore(client, 'no-such-bucket');
    await expect(store.get('a')).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });
});
