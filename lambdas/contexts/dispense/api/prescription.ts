import { createHash } from 'node:crypto';
import * as z from 'zod';
import { commandShape } from '../../../http/command-routes.ts';
import { commandAnswer, commandRequest } from '../../../http/commands.ts';
import { rejectionProblem } from '../../../http/problem.ts';
import { findRow, idOf, readsOf, scopesOf } from '../../../http/resource.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import { documentTypeOf } from '../documents/document-type.ts';
import { type DocumentType, documentTypes } from '../domain/events.ts';
import { pagesMaxCount } from '../domain/prescription.ts';
import { pagesOf } from '../read-model/projection.ts';
import { dispenses, prescriptionLinkSchema } from './answers.ts';
import type { DispenseReadSide } from './queries.ts';
import { type Upload, type UploadSide, uploadStored } from './upload.ts';

/** What the routes of prescriptions need. */
export type PrescriptionSide = UploadSide & Pick<DispenseReadSide, 'log' | 'readModel'>;

/** Encoded as base64, it is below the 6 MB that Lambda accepts. */
const documentMaxBytes = 4 * 1024 * 1024;
const linkSeconds = 60;

const fileExtensions: Readonly<Record<DocumentType, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'application/pdf': 'pdf',
  'text/plain': 'txt',
};

/** The number of a page: 1, 2, and so on. */
const pageNumber = z
  .string()
  .regex(new RegExp(`^[1-${pagesMaxCount}]$`), {
    error: `Expected the number of a page: 1 to ${pagesMaxCount}.`,
  })
  .transform(Number)
  .meta({ description: `From 1 to ${pagesMaxCount}. Absent: the newest page.` });

const path = '/dispenses/{id}/prescription';

/** The routes that upload a prescription and link to it. */
export function prescriptionRoutes(side: PrescriptionSide): Route[] {
  return [
    upload(side, {
      method: 'PUT',
      path,
      command: 'UploadPrescription',
      operationId: 'uploadPrescription',
      summary: 'Upload the prescription, to be analyzed',
      description: 'Until the dispense has ended. The document replaces all pages of the prescription.',
    }),
    upload(side, {
      method: 'POST',
      path: `${path}/pages`,
      command: 'AddPage',
      operationId: 'addPage',
      summary: `Upload a further page of the prescription, up to ${pagesMaxCount} in total`,
      description:
        'Until the dispense has ended. All pages are analyzed again, as one prescription. ' +
        'Send `If-Match`: somebody else may replace the prescription meanwhile, and the page would join another one.',
    }),
    getPrescription(side),
  ];
}

interface UploadRoute {
  readonly method: 'PUT' | 'POST';
  readonly path: `/${string}`;
  readonly command: Upload['type'];
  readonly operationId: string;
  readonly summary: string;
  readonly description: string;
}

function upload(
  side: PrescriptionSide,
  { path: uploadPath, command: type, description, ...described }: UploadRoute,
): Route {
  const { answers, ...shape } = commandShape(dispenses);
  return defineRoute({
    ...shape,
    ...described,
    path: uploadPath,
    reads: readsOf(dispenses, uploadPath),
    description:
      `${description} The content determines the type of the document. ` +
      'A file that is an archive too is refused. A `Content-Type` other than those below is refused; it may be absent. `Content-Range` is refused. Do not send binary documents as text: gateways decode text. Send text that is not in UTF-8 as `application/octet-stream`.',
    ...idOf(dispenses),
    rawBody: { contentTypes: documentTypes, maxBytes: documentMaxBytes },
    answers: { 200: answers[200] },
    handle: async ({ body: bytes, ...request }) => {
      const contentType = await documentTypeOf(bytes, request.headers['content-type']);
      if (contentType === undefined) throw unsupportedDocument();
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const document = { sizeBytes: bytes.byteLength, contentType, sha256 };
      const asCommand = commandRequest(type, { ...request, body: document });
      const key = await side.documents.put({ contentType, bytes });
      const { now } = request.context;
      const result = await uploadStored(side, request.params.id, { type, key, ...document, now }, asCommand);
      // An upload never creates a dispense.
      return { ...commandAnswer(result, dispenses.path), status: 200 as const };
    },
  });
}

function getPrescription(side: PrescriptionSide): Route {
  return defineRoute({
    method: 'GET',
    path,
    tags: [dispenses.category],
    access: scopesOf(dispenses.category).read,
    reads: readsOf(dispenses, path),
    operationId: 'getPrescription',
    summary: 'A short-lived link to a page of the newest prescription',
    description: `The link works for ${linkSeconds} seconds, for anyone who has it. A browser saves the page as a file, and does not show it.`,
    ...idOf(dispenses),
    query: z.object({ page: pageNumber.optional() }),
    answers: {
      302: {
        description: 'The document is at the link.',
        schema: prescriptionLinkSchema,
        headers: { location: 'The link.' },
      },
    },
    problems: {
      404: 'There is no dispense with this id, or it has no prescription, or no such page, or its documents are erased.',
    },
    handle: async ({ params: { id }, query: { page }, headers, context: { now } }) => {
      const { row } = await findRow(dispenses, side, id, headers);
      if (row.erasedAt !== undefined) throw documentsErased();
      if (!row.prescription) throw noPrescription();
      const pages = pagesOf(row.prescription);
      const number = page ?? pages.length;
      const document = pages[number - 1];
      if (!document) throw noPage(pages.length);
      const { key, contentType } = document;
      const fileName = `prescription-page-${number}.${fileExtensions[contentType]}`;
      const url = await side.documents.link(key, { contentType, fileName, expiresInSeconds: linkSeconds });
      const expiresAt = new Date(Date.parse(now) + linkSeconds * 1_000).toISOString();
      return {
        status: 302 as const,
        headers: { location: url },
        body: { url, expiresAt },
      };
    },
  });
}

function unsupportedDocument() {
  const detail =
    'A prescription is a PNG or JPEG image, a PDF, or plain text in UTF-8, UTF-16 or Windows-1252. The content of this document is of another type.';
  return rejectionProblem({ kind: 'invalid', code: 'dispense/unsupported-document', detail });
}

function noPrescription() {
  const detail = 'The dispense has no prescription, or it has not reached the read model yet.';
  return rejectionProblem({ kind: 'not-found', code: 'dispense/no-prescription', detail });
}

function documentsErased() {
  const detail = 'The documents of this dispense are erased, with all personal data of its patient.';
  return rejectionProblem({ kind: 'not-found', code: 'dispense/documents-erased', detail });
}

function noPage(count: number) {
  const detail = `The prescription has ${count} ${count === 1 ? 'page' : 'pages'}, or the read model does not have the page yet.`;
  return rejectionProblem({ kind: 'not-found', code: 'dispense/no-page', detail });
}
