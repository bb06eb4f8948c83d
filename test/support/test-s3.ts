import { CreateBucketCommand, S3Client, type S3ClientConfig } from '@aws-sdk/client-s3';
import { startWorkerEngine } from '../../tools/host/engines/worker-engine.ts';

const engineScript = new URL('../../tools/host/engines/fauxqs-thread.ts', import.meta.url);

/** The S3 engine of the host, with one empty bucket, and a client of it. */
export async function startTestS3(bucket: string, config: Pick<S3ClientConfig, 'requestHandler'> = {}) {
  const engine = await startWorkerEngine('fauxqs', engineScript, {}, (_name, reason) => {
    throw new Error(reason);
  });
  const client = new S3Client({
    endpoint: engine.url,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    forcePathStyle: true,
    ...config,
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  const stop = async () => {
    client.destroy();
    await engine.stop();
  };
  return { client, stop };
}
