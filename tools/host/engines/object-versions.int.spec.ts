import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import {
  CreateBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { credentials, region, unverifiedSignature } from '../aws-json.ts';
import type { Engine } from './engine.ts';
import { startWorkerEngine } from './worker-engine.ts';

let engine: Engine;
let s3: S3Client;
let folder: string;
let Bucket = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'streamfold-versions-'));
  const script = new URL('./fauxqs-thread.ts', import.meta.url);
  engine = await startWorkerEngine('fauxqs', script, { dataDir: folder }, (_name, reason) => {
    throw new Error(reason);
  });
  s3 = new S3Client({ endpoint: engine.url, region, credentials, forcePathStyle: true });
});
afterAll(async () => {
  s3.destroy();
  await engine.stop();
  await rm(folder, { recursive: true, force: true });
});
beforeEach(async () => {
  Bucket = `bucket-${crypto.randomUUID()}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
});

const put = (Key: string, Body = Key) => s3.send(new PutObjectCommand({ Bucket, Key, Body }));
const versions = (options: object = {}) => s3.send(new ListObjectVersionsCommand({ Bucket, ...options }));

describe('a bucket of the host', () => {
  it('lists each object as one version, "null"', async () => {
    for (const key of ['a', 'b&c', 'other']) await put(key);
    await put('a', 'again');
    const { Versions, DeleteMarkers, IsTruncated } = await versions();
    expect(
      Versions?.map(({ Key, VersionId, IsLatest, Size }) => ({ Key, VersionId, IsLatest, Size })),
    ).toEqual([
      { Key: 'a', VersionId: 'null', IsLatest: true, Size: 5 },
      { Key: 'b&c', VersionId: 'null', IsLatest: true, Size: 3 },
      { Key: 'other', VersionId: 'null', IsLatest: true, Size: 5 },
    ]);
    expect({ DeleteMarkers, IsTruncated }).toEqual({ DeleteMarkers: undefined, IsTruncated: false });
    expect((await versions({ Prefix: 'b' })).Versions).toHaveLength(1);
    expect((await versions({ Prefix: 'none' })).Versions).toBeUndefined();
  });

  it('lists them in pages', async () => {
    for (const key of ['a', 'b', 'c']) await put(key);
    const first = await versions({ MaxKeys: 2 });
    expect(first).toMatchObject({ IsTruncated: true, NextKeyMarker: 'b', NextVersionIdMarker: 'null' });
    const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = first;
    const second = await versions({ MaxKeys: 2, KeyMarker, VersionIdMarker });
    expect(second.Versions?.map(({ Key }) => Key)).toEqual(['c']);
    expect(second.IsTruncated).toBe(false);
  });

  it('lists them for whoever passes a call on with the host of another port', async () => {
    await put('a');
    const { host, pathname } = new URL(`${engine.url}/${Bucket}`);
    const [address, port] = host.split(':');
    const headers = { host: 'localhost:1', ...unverifiedSignature('s3') };
    const listed = await new Promise<http.IncomingMessage>((resolve) =>
      http.get({ host: address, port, path: `${pathname}?versions`, headers }, resolve),
    );
    expect(await text(listed)).toContain('<Key>a</Key>');
  });

  it('deletes an object by its version, and refuses another version', async () => {
    for (const key of ['a', 'b']) await put(key);
    const other = s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: 'x1' }));
    await expect(other).rejects.toMatchObject({ name: 'NoSuchVersion' });
    const read = s3.send(new GetObjectCommand({ Bucket, Key: 'a', VersionId: 'x1' }));
    await expect(read).rejects.toMatchObject({ name: 'NoSuchVersion' });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a', VersionId: 'null' }));
    await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'b', VersionId: 'null' }] } }),
    );
    expect((await versions()).Versions).toBeUndefined();
  });

  it('says that it keeps no versions', async () => {
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket }))).Status).toBeUndefined();
    const VersioningConfiguration = { Status: 'Enabled' } as const;
    await expect(
      s3.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration })),
    ).rejects.toMatchObject({ name: 'NotImplemented' });
    const missing = s3.send(new ListObjectVersionsCommand({ Bucket: 'no-such-bucket' }));
    await expect(missing).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('leaves nothing of a deleted object in its files', async () => {
    const mark = 'whispered at the gate';
    await put('a', mark.repeat(2_000));
    await put('b', mark);
    const hasMark = async () => {
      const files = await readdir(folder);
      const contents = await Promise.all(files.map((name) => readFile(join(folder, name), 'latin1')));
      return contents.some((content) => content.includes(mark));
    };
    expect(await hasMark()).toBe(true);
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'a' }));
    await s3.send(
      new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'b', VersionId: 'null' }] } }),
    );
    expect(await hasMark()).toBe(false);
  });
});
