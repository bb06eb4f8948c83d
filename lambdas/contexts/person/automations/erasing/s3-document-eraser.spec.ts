import { DeleteObjectsCommand, ListObjectVersionsCommand, type S3Client } from '@aws-sdk/client-s3';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { isOutage } from '../../../../kernel/index.ts';
import { S3DocumentEraser } from './s3-document-eraser.ts';

interface Version {
  readonly Key: string;
  readonly VersionId: string;
}

/** The calls of S3 that the eraser makes, in a bucket with versions. Pages have at most `MaxKeys`, versions and markers together. */
class VersionedBucket {
  versions: Version[] = [];
  markers: Version[] = [];
  /** Versions that cannot be deleted, with the code. */
  readonly refused = new Map<string, string>();
  lists = 0;

  async send(command: unknown) {
    if (command instanceof ListObjectVersionsCommand) {
      const { Prefix = '', MaxKeys = 0 } = command.input;
      this.lists += 1;
      const all = [
        ...this.versions.map((version) => ({ version, kind: 'Versions' as const })),
        ...this.markers.map((version) => ({ version, kind: 'DeleteMarkers' as const })),
      ]
        .filter(({ version }) => version.Key.startsWith(Prefix))
        .sort((a, b) => (a.version.Key < b.version.Key ? -1 : 1));
      const page = all.slice(0, MaxKeys);
      const of = (kind: string) => page.filter((one) => one.kind === kind).map(({ version }) => version);
      return {
        Versions: of('Versions'),
        DeleteMarkers: of('DeleteMarkers'),
        IsTruncated: all.length > page.length,
      };
    }
    if (!(command instanceof DeleteObjectsCommand)) throw new Error('Unknown call.');
    const { Objects = [] } = command.input.Delete ?? {};
    const refused = Objects.filter(({ VersionId = '' }) => this.refused.has(VersionId));
    const isKept = ({ VersionId }: Version) =>
      this.refused.has(VersionId) || !Objects.some((one) => one.VersionId === VersionId);
    this.versions = this.versions.filter(isKept);
    this.markers = this.markers.filter(isKept);
    return {
      Errors: refused.map(({ VersionId = '' }) => ({ VersionId, Code: this.refused.get(VersionId) })),
    };
  }
}

let bucket: VersionedBucket;
let eraser: S3DocumentEraser;
beforeEach(() => {
  bucket = new VersionedBucket();
  eraser = new S3DocumentEraser(bucket as unknown as S3Client, 'prescriptions');
});

describe('a document in a bucket with versions', () => {
  it('is erased with all versions and delete markers, and no other document', async () => {
    bucket.versions = [
      { Key: 'one', VersionId: 'v1' },
      { Key: 'one', VersionId: 'v2' },
      { Key: 'one more', VersionId: 'v3' },
    ];
    bucket.markers = [{ Key: 'one', VersionId: 'm1' }];
    await eraser.erase('one');
    expect([bucket.versions, bucket.markers]).toEqual([[{ Key: 'one more', VersionId: 'v3' }], []]);
  });

  it('is erased with more versions than one page has', async () => {
    bucket.versions = Array.from({ length: 2_500 }, (_, count) => ({ Key: 'one', VersionId: `v${count}` }));
    await eraser.erase('one');
    expect(bucket.versions).toEqual([]);
    expect(bucket.lists).toBe(3);
  });

  it('stops at pages that have only longer keys', async () => {
    bucket.versions = Array.from({ length: 2_500 }, (_, count) => ({
      Key: 'one more',
      VersionId: `v${count}`,
    }));
    await eraser.erase('one');
    expect(bucket.lists).toBe(1);
  });

  it('fails if a version is not deleted, with a code that says whether it passes', async () => {
    bucket.versions = [{ Key: 'one', VersionId: 'v1' }];
    bucket.refused.set('v1', 'SlowDown');
    const failure = await eraser.erase('one').catch((error: unknown) => error);
    expect(failure).toMatchObject({ code: 'SlowDown' });
    expect(isOutage(failure)).toBe(true);
  });
});
