import type { SQSBatchResponse, SQSRecord } from 'aws-lambda';
import { v5 as uuidv5 } from 'uuid';
import {
  type CommandHandler,
  commandIdOfReaction,
  type EventLog,
  keyOfStream,
  type Observer,
  readEvent,
  recordedEvents,
  systemActor,
} from '../../../../kernel/index.ts';
import type { DispenseAnswer } from '../../api/answers.ts';
import type { Dispense, DispenseCommand } from '../../domain/dispense.ts';
import { type DataOf, type DispenseEvent, dispenseEvents } from '../../domain/events.ts';
import { decodeFinding, type Finding } from './finding.ts';

/**
 * The name of the automation, in its commands. It is that of the analyzer, which sent the commands itself in the release before:
 * so a result that it recorded is not recorded again.
 */
const automationName = 'prescription-analyzer';
/** Namespace of the ids of the analysis' commands two releases before (RFC 9562, UUIDv5). See `EarlierIdentity`. */
const earlierNamespace = '7f1c9f0e-5a2b-4c55-9d1c-0f6a4f2f6b3d';

/** What recording needs. */
export interface RecordFindingsDependencies {
  readonly log: Pick<EventLog, 'readCommit'>;
  readonly handler: Pick<CommandHandler<Dispense, DispenseCommand, DispenseEvent, DispenseAnswer>, 'handle'>;
  readonly observer: Observer;
  /** The current instant, ISO 8601, UTC, ms. */
  readonly now: () => string;
}

/** The outcome of a batch. */
export interface RecordedFindings {
  readonly response: SQSBatchResponse;
  /** Number of findings that were handled, also of those that were recorded before or came too late. */
  readonly handled: number;
  readonly correlationIds: readonly string[];
}

/** The finding names no upload of its stream. */
export class UnknownUploadError extends Error {
  override readonly name = 'UnknownUploadError';
}

/**
 * Records the findings in the queue's messages, one after the other. The id of each command is derived from the upload's event,
 * so the first finding of an upload counts, and later ones change nothing. A message that fails is delivered again, and waits in
 * the failure queue after its last delivery: also one that is no finding of an upload. Only faulty or hostile code sends such a
 * message, so a person must see it.
 */
export async function recordFindings(
  records: readonly SQSRecord[],
  dependencies: RecordFindingsDependencies,
): Promise<RecordedFindings> {
  const correlationIds = new Set<string>();
  const failed: string[] = [];
  for (const { messageId, body } of records) {
    try {
      correlationIds.add(await record(decodeFinding(body), dependencies));
    } catch (error) {
      failed.push(messageId);
      dependencies.observer.warn('A finding could not be recorded. Its message will be delivered again.', {
        messageId,
        error,
      });
    }
  }
  return {
    response: { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) },
    handled: records.length - failed.length,
    correlationIds: [...correlationIds],
  };
}

/** Sends the command of a finding, and returns its correlation id. The decider ignores a late one. */
async function record(finding: Finding, dependencies: RecordFindingsDependencies): Promise<string> {
  const { handler, observer, now } = dependencies;
  const { stream, uploadEventId } = finding;
  const { key, correlationId } = await uploadOf(finding, dependencies);
  const result = await handler.handle([{ id: keyOfStream(stream), command: commandOf(finding, key) }], {
    commandId: commandIdOfReaction(automationName, uploadEventId),
    earlier: { commandId: uuidv5(uploadEventId, earlierNamespace), actor: automationName },
    // The same for every outcome: the first committed attempt determines the outcome of this upload.
    intent: ['RecordAnalysis', uploadEventId],
    now: now(),
    correlationId,
    causationId: uploadEventId,
    actor: systemActor(automationName),
  });
  if (result.outcome === 'rejected') {
    observer.warn('The outcome of an analysis was refused.', {
      eventId: uploadEventId,
      code: result.rejection.code,
    });
  }
  return correlationId;
}

/** The key of the document and the correlation id, from the log and not from the finding. Throws {@link UnknownUploadError}. */
async function uploadOf(
  { stream, version, uploadEventId }: Finding,
  { log }: RecordFindingsDependencies,
): Promise<{ key: string; correlationId: string }> {
  const commit = await log.readCommit(stream, version);
  const event =
    commit &&
    recordedEvents(commit).find(
      ({ id, type }) => id === uploadEventId && type === 'Dispense:PrescriptionUploaded',
    );
  if (!event)
    throw new UnknownUploadError(`The commit at version ${version} of ${stream} has no such upload.`);
  const { key } = readEvent(dispenseEvents, stream, event).data as DataOf<'Dispense:PrescriptionUploaded'>;
  return { key, correlationId: commit.correlationId };
}

function commandOf({ uploadEventId, outcome }: Finding, key: string): DispenseCommand {
  if (outcome.type === 'failed') return { type: 'FailAnalysis', key, uploadEventId, reason: outcome.reason };
  const { type: _, ...reading } = outcome;
  return { type: 'RecordAnalysis', key, uploadEventId, ...reading };
}
