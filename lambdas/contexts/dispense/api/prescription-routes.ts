import { createHash } from 'node:crypto';
import * as z from 'zod';
import { commandAnswer, commandRequest } from '../../../http/commands.ts';
import { aggregateIdSchema } from '../../../http/parameters.ts';
import { rejectionProblem } from '../../../http/problem.ts';
import { defineRoute, type Route } from '../../../http/route.ts';
import { type CommandRequest, type CommandResult, isEventSourcingError } from '../../../kernel/index.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import { documentTypeOf } from '../documents/document-type.ts';
import type { DispenseCommand } from '../domain/dispense.ts';
import { documentTypes } from '../domain/events.ts';
import { commandAnswerSchema, type DispenseAnswer, prescriptionLinkSchema } from './answers.ts';
import { type CommandDependencies, etagHeader } from './commands.ts';
import { findDispense, type QueryDependencies } from './queries.ts';

export interface PrescriptionDependencies
  extends CommandDependencies,
    Pick<QueryDependencies, 'log' | 'readModel'> {
  readonly documents: DocumentStore;
  /** Told when a stored document could be neither kept nor removed at once. */
  readonly warn: (message: string, error: unknown) => void;
}

/** In base64 it still fits into the 6 MB that a Lambda takes. */
const documentMaxBytes = 4 * 1024 * 1024;
const linkSeconds = 60;

const shared = {
  tags: ['dispense'],
  path: '/dispenses/{id}/prescription',
  params: z.object({ id: aggregateIdSchema }),
} as const;

export function prescriptionRoutes(dependencies: PrescriptionDependencies): Route[] {
  return [putPrescription(dependencies), getPrescription(dependencies)];
}

function putPrescription(dependencies: PrescriptionDependencies): Route {
  return defineRoute({
    ...shared,
    method: 'PUT',
    operationId: 'uploadPrescription',
    summary: 'Upload the prescription, to be analyzed',
    description:
      'While the dispense is pending, or ready after an analysis that failed. The document is what its content shows, ' +
      'whatever `Content-Type` says; binary ones must not be sent as text, which gateways decode.',
    command: true,
    rawBody: { contentTypes: documentTypes, maxBytes: documentMaxBytes },
    answers: {
      200: { description: 'Uploaded.', schema: commandAnswerSchema, headers: etagHeader },
    },
    problems: { 404: 'There is no dispense with this id.', 409: 'The state of the dispense forbids it.' },
    handle: async ({ body: bytes, ...request }) => {
      const contentType = await documentTypeOf(bytes, request.headers['content-type']);
      if (contentType === undefined) throw unsupportedDocument();
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const document = { sizeBytes: bytes.byteLength, contentType, sha256 };
      const asCommand = commandRequest('UploadPrescription', { ...request, body: document });
      const key = await dependencies.documents.put({ contentType, bytes });
      const { now } = request.context;
      const command: DispenseCommand = { type: 'UploadPrescription', key, ...document, now };
      const result = await upload(dependencies, request.params.id, command, asCommand);
      // It never creates a dispense.
      return { ...commandAnswer(result, '/dispenses'), status: 200 as const };
    },
  });
}

/**
 * Carries out the command of a document that is stored already. The document is kept where an event tells of it, and
 * removed where none does; both are tried once, for the analysis keeps it too, and what is not kept is swept.
 */
async function upload(
  { handler, documents, warn }: PrescriptionDependencies,
  id: string,
  command: Extract<DispenseCommand, { type: 'UploadPrescription' }>,
  request: CommandRequest,
): Promise<CommandResult<DispenseAnswer>> {
  const { key } = command;
  const settle = (step: 'keep' | 'discard') =>
    documents[step](key).catch((error: unknown) =>
      warn(`The document ${key} of dispense ${id} could not be settled: ${step}`, error),
    );
  let result: CommandResult<DispenseAnswer>;
  try {
    result = await handler.handle([{ id, command }], request);
  } catch (error) {
    // After any other error, the event may have been written all the same.
    if (isEventSourcingError(error)) await settle('discard');
    throw error;
  }
  // A repeated command has its event from the first try, with the document of that one.
  await settle(result.outcome === 'committed' ? 'keep' : 'discard');
  return result;
}

function getPrescription(dependencies: PrescriptionDependencies): Route {
  return defineRoute({
    ...shared,
    method: 'GET',
    operationId: 'getPrescription',
    summary: 'The newest prescription, by a short-lived link',
    description: `The link is good for ${linkSeconds} seconds, for whoever has it.`,
    answers: {
      302: {
        description: 'The document is there.',
        schema: prescriptionLinkSchema,
        headers: { location: 'The link.' },
      },
    },
    problems: { 404: 'There is no dispense with this id, or it has no prescription.' },
    handle: async ({ params: { id }, headers, context: { now } }) => {
      const { row } = await findDispense(dependencies, id, headers);
      if (!row.prescription) throw noPrescription();
      const url = await dependencies.documents.link(row.prescription.key, linkSeconds);
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
    'A prescription is a PNG or JPEG image, a PDF, or plain text in UTF-8. This document is none of them, or less ' +
    'than it claims to be.';
  return rejectionProblem({ kind: 'invalid', code: 'dispense/unsupported-document', detail });
}

function noPrescription() {
  const detail = 'The dispense has no prescription, or it has not reached the read model yet.';
  return rejectionProblem({ kind: 'not-found', code: 'dispense/no-prescription', detail });
}
