import {
  DeleteObjectsCommand,
  ListObjectVersionsCommand,
  type ListObjectVersionsOutput,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { DocumentEraser } from './document-eraser.ts';

/**
 * Maximum pages of one document's versions, of 1,000 each. A version is one upload or one copy by `keep`: more come from a defect, and a
 * person should look at them.
 */
const pagesMax = 100;

/** S3 did not delete some versions. The error has its codes, and no key. */
export class VersionsNotDeletedError extends Error {
  override readonly name = 'VersionsNotDeletedError';
  /** Of the first version. A code such as `AccessDenied` or `InternalError`, which says whether it passes. */
  readonly code: string | undefined;

  constructor(codes: readonly (string | undefined)[]) {
    super(`S3 did not delete ${codes.length} versions of a document: ${[...new Set(codes)].join(', ')}.`);
    this.code = codes[0];
  }
}

/**
 * Deletes documents from an S3 bucket, also from one that keeps versions: each version and each delete marker, by its id. In a bucket
 * without versions the id is `null`.
 *
 * IAM: `s3:ListBucketVersions` on the bucket; `s3:DeleteObjectVersion` on the objects. Without a version, a deletion would only add a marker.
 */
export class S3DocumentEraser implements DocumentEraser {
  readonly #client: S3Client;
  readonly #bucketName: string;

  constructor(client: S3Client, bucketName: string) {
    this.#client = client;
    this.#bucketName = bucketName;
  }

  async erase(key: string): Promise<void> {
    for (let page = 0; page < pagesMax; page += 1) {
      // Always the first page: the versions of the one before are gone.
      const listed = await this.#client.send(
        new ListObjectVersionsCommand({ Bucket: this.#bucketName, Prefix: key, MaxKeys: 1_000 }),
      );
      const versions = versionsOf(listed, key);
      if (versions.length > 0) await this.#delete(versions);
      // Keys that only begin with this one sort after it.
      if (listed.IsTruncated !== true || versions.length === 0) return;
    }
    throw new Error(`A document has more than ${pagesMax} pages of versions.`);
  }

  async #delete(versions: ReturnType<typeof versionsOf>): Promise<void> {
    const { Errors = [] } = await this.#client.send(
      new DeleteObjectsCommand({ Bucket: this.#bucketName, Delete: { Objects: versions, Quiet: true } }),
    );
    if (Errors.length > 0) throw new VersionsNotDeletedError(Errors.map(({ Code }) => Code));
  }
}

/** The prefix also matches longer keys. */
function versionsOf({ Versions = [], DeleteMarkers = [] }: ListObjectVersionsOutput, key: string) {
  return [...Versions, ...DeleteMarkers]
    .filter(({ Key }) => Key === key)
    .map(({ VersionId = 'null' }) => ({ Key: key, VersionId }));
}
