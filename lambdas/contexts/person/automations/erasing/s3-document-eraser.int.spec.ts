import { CreateBucketCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Engine } from '../../../../../tools/host/engines/engine.ts';
import { startWorkerEngine } from '../../../../../tools/host/engines/worker-engine.ts';
import { S3DocumentEraser } from './s3-document-eraser.ts';

const Bucket = 'prescriptions';
const engineScript = new URL('../../../../../tools/host/engines/fauxqs-thread.ts', import.meta.url);

let engine: Engine;
let client: S3Client;
beforeAll(async () => {
  engine = await startWorkerEngine('fauxqs', engineScript, {}, (_name, reason) => {
    throw new Error(reason);
  });
  client = new S3Client({
    endpoint: engine.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
  });
  await client.send(new CreateBucketCommand({ Bucket }));
});
afterAll(async () => {
  client.destroy();
  await engine.stop();
});

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
