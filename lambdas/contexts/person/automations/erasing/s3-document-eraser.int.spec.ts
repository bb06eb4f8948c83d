import { HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startTestS3 } from '../../../../../test/support/test-s3.ts';
import { S3DocumentEraser } from './s3-document-eraser.ts';

const Bucket = 'prescriptions';

let client: S3Client;
let stop: (() => Promise<void>) | undefined;
beforeAll(async () => {
  ({ client, stop } = await startTestS3(Bucket));
});
afterAll(() => stop?.());

describe('documents in a bucket without versions', () => {
  it('are erased, each with its key only, and harmlessly again', async () => {
    const keys = ['one', 'one more', 'other'];
    for (const Key of keys) await client.send(new PutObjectCommand({ Bucket, Key, Body: 'Ann' }));
    const eraser = new S3DocumentEraser(client, Bucket);
    for (const key of ['one', 'one', 'none']) await eraser.erase(key);
    const left = await Promise.all(
      keys.map((Key) =>
        client.send(new HeadObjectCommand({ Bucket, Key })).then(
          () => true,
          () => false,
        ),
      ),
    );
    expect(left).toEqual([false, true, true]);
  });
});
