import { randomUUID } from 'node:crypto';
import {
  CopyObjectCommand,
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { documentTag } from '../../../../schema/documents.ts';
import { type DocumentType, documentTypes } from '../domain/events.ts';
import {
  type DocumentLink,
  DocumentNotFoundError,
  type DocumentStore,
  type PrescriptionDocument,
} from './document-store.ts';

/**
 * A browser saves the document, and does not show it as a page of the bucket's address: a PDF or a text may be active. The name says
 * nothing about the person.
 */
const savedAs = (fileName: string) => `attachment; filename="${fileName}"`;
/** For whoever reads the object without a link. */
const disposition = savedAs('prescription');

/** The tag that the bucket's lifecycle rule uses, as a request header. */
const tagging = (state: 'uploaded' | 'kept') => `${documentTag.key}=${documentTag[state]}`;

/**
 * Documents in an S3 bucket.
 *
 * IAM: `s3:PutObject` and `s3:PutObjectTagging` to put and keep, `s3:GetObject` to get, link and keep, `s3:DeleteObject`
 * to discard, each on the objects; `s3:ListBucket` on the bucket for `DocumentNotFoundError`: without it, S3 answers 403
 * for a missing object.
 */
export class S3DocumentStore implements DocumentStore {
  readonly #client: S3Client;
  readonly #bucketName: string;

  constructor(client: S3Client, bucketName: string) {
    this.#client = client;
    this.#bucketName = bucketName;
  }

  async put({ contentType, bytes }: PrescriptionDocument): Promise<string> {
    const key = randomUUID();
    const input = {
      ...this.#object(key),
      Body: bytes,
      ContentType: contentType,
      ContentDisposition: disposition,
    };
    await this.#client.send(new PutObjectCommand({ ...input, Tagging: tagging('uploaded') }));
    return key;
  }

  async get(key: string): Promise<PrescriptionDocument> {
    const { Body, ContentType } = await found(key, () =>
      this.#client.send(new GetObjectCommand(this.#object(key))),
    );
    if (Body === undefined) throw new Error(`S3 returned no body for the document ${key}.`);
    return { contentType: documentTypeOf(key, ContentType), bytes: await Body.transformToByteArray() };
  }

  link(key: string, { contentType, fileName, expiresInSeconds }: DocumentLink): Promise<string> {
    // The signature covers the headers of the answer, so neither the object nor whoever has the link changes them.
    const input = {
      ...this.#object(key),
      ResponseContentDisposition: savedAs(fileName),
      ResponseContentType: contentType,
      ResponseCacheControl: 'no-store',
    };
    return getSignedUrl(this.#client, new GetObjectCommand(input), { expiresIn: expiresInSeconds });
  }

  /**
   * Copies the object onto itself with another tag. It does not use PutObjectTagging: an emulator without tags handles
   * that as a put, which would replace the document.
   */
  async keep(key: string): Promise<void> {
    const { ContentType } = await found(key, () =>
      this.#client.send(new HeadObjectCommand(this.#object(key))),
    );
    const copy = new CopyObjectCommand({
      ...this.#object(key),
      CopySource: `${this.#bucketName}/${key}`,
      // S3 copies an object onto itself only if the metadata is replaced.
      MetadataDirective: 'REPLACE',
      ContentType: documentTypeOf(key, ContentType),
      ContentDisposition: disposition,
      TaggingDirective: 'REPLACE',
      Tagging: tagging('kept'),
    });
    await found(key, () => this.#client.send(copy));
  }

  async discard(key: string): Promise<void> {
    await this.#client.send(new DeleteObjectCommand(this.#object(key)));
  }

  #object(key: string) {
    return { Bucket: this.#bucketName, Key: key };
  }
}

/** The result of a request. Throws DocumentNotFoundError for `NoSuchKey` and, after HEAD, for `NotFound`. */
async function found<Result>(key: string, request: () => Promise<Result>): Promise<Result> {
  try {
    return await request();
  } catch (error) {
    if (error instanceof Error && ['NoSuchKey', 'NotFound'].includes(error.name)) {
      throw new DocumentNotFoundError(key, { cause: error });
    }
    throw error;
  }
}

function documentTypeOf(key: string, contentType: string | undefined): DocumentType {
  const type = documentTypes.find((known) => known === contentType);
  if (type === undefined) throw new Error(`The document ${key} has the unknown content type ${contentType}.`);
  return type;
}
