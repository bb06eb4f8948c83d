import { createHash } from 'node:crypto';
import { commandShape } from '../../../http/command-routes.ts';
import { commandAnswer, commandRequest } from '../../../http/commands.ts';
import { rejectionProblem } from '../../../http/problem.ts';
import { findRow, idParams, readsOf, scopesOf } from '../../../http/resource.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import { documentTypeOf } from '../documents/document-type.ts';
import type { DispenseCommand } from '../domain/dispense.ts';
import { documentTypes } from '../domain/events.ts';
import { dispenses, prescriptionLinkSchema } from './answers.ts';
import type { DispenseReadSide } from './queries.ts';
import { type UploadSide, uploadStored } from './upload.ts';

/** What the routes of prescriptions need. */
export type PrescriptionSide = UploadSide & Pick<DispenseReadSide, 'log' | 'readModel'>;

/** Encoded as base64, it is below the 6 MB that Lambda accepts. */
const documentMaxBytes = 4 * 1024 * 1024;
const linkSeconds = 60;

const path = '/dispenses/{id}/prescription';

/** The routes that upload a prescription and link to it. */
export function prescriptionRoutes(side: PrescriptionSide): Route[] {
  return [putPrescription(side), getPrescription(side)];
}

function putPrescription(side: PrescriptionSide): Route {
  const { answers, ...shape } = commandShape(dispenses);
  return defineRoute({
    ...shape,
    reads: readsOf(dispenses, path),
    method: 'PUT',
    path,
    operationId: 'uploadPrescription',
    summary: 'Upload the prescription, to be analyzed',
    description:
      'While the dispense is pending, or ready after a failed analysis. The content determines the type of the document. ' +
      'A `Content-Type` other than those below is refused; it may be absent. `Content-Range` is refused. Do not send binary documents as text: gateways decode text.',
    params: idParams,
    rawBody: { contentTypes: documentTypes, maxBytes: documentMaxBytes },
    answers: { 200: answers[200] },
    handle: async ({ body: bytes, ...request }) => {
      const contentType = await documentTypeOf(bytes, request.headers['content-type']);
      if (contentType === undefined) throw unsupportedDocument();
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const document = { sizeBytes: bytes.byteLength, contentType, sha256 };
      const asCommand = commandRequest('UploadPrescription', { ...request, body: document });
      const key = await side.documents.put({ contentType, bytes });
      const { now } = request.context;
      const command: DispenseCommand = { type: 'UploadPrescription', key, ...document, now };
      const result = await uploadStored(side, request.params.id, command, asCommand);
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
    summary: 'A short-lived link to the newest prescription',
    description: `The link works for ${linkSeconds} seconds, for anyone who has it.`,
    params: idParams,
    answers: {
      302: {
        description: 'The document is at the link.',
        schema: prescriptionLinkSchema,
        headers: { location: 'The link.' },
      },
    },
    problems: { 404: 'There is no dispense with this id, or it has no prescription.' },
    handle: async ({ params: { id }, headers, context: { now } }) => {
      const { row } = await findRow(dispenses, side, id, headers);
      if (!row.prescription) throw noPrescription();
      const url = await side.documents.link(row.prescription.key, linkSeconds);
      const expiresAt = new Date(Date.parse(now) + linkSeconds * 1_000).toISOString();
      return {
        status: 302 as const,
        headers: { location: url, 'cache-control': 'no-store' },
        body: { url, expiresAt },
      };
    },
  });
}

function unsupportedDocument() {
  const detail =
    'A prescription is a PNG or JPEG image, a PDF, or plain text in UTF-8. The content of this document is of another type.';
  return rejectionProblem({ kind: 'invalid', code: 'dispense/unsupported-document', detail });
}

function noPrescription() {
  const detail = 'The dispense has no prescription, or it has not reached the read model yet.';
  return rejectionProblem({ kind: 'not-found', code: 'dispense/no-prescription', detail });
}
