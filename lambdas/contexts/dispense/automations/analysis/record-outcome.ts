import { v5 as uuidv5 } from 'uuid';
import {
  type CommandHandler,
  commandIdOfReaction,
  keyOfStream,
  type Observer,
  systemActor,
} from '../../../../kernel/index.ts';
import { commitCause, stepForMessage } from '../../../../messaging/message-trace.ts';
import type { DispenseAnswer } from '../../api/answers.ts';
import type { Dispense, DispenseCommand } from '../../domain/dispense.ts';
import type { DispenseEvent } from '../../domain/events.ts';
import type { Outcome } from './finding.ts';
import type { Upload } from './upload.ts';

/**
 * The name of the automation, in its commands. It is that of the analyzer, which sent the commands itself in an earlier release:
 * so a result that it recorded is not recorded again.
 */
const automationName = 'prescription-analyzer';
/** Namespace of the ids of the analysis' commands in a release before that (RFC 9562, UUIDv5). See `EarlierIdentity`. */
const earlierNamespace = '7f1c9f0e-5a2b-4c55-9d1c-0f6a4f2f6b3d';

/** What recording an outcome needs. */
export interface OutcomeRecording {
  readonly handler: Pick<CommandHandler<Dispense, DispenseCommand, DispenseEvent, DispenseAnswer>, 'handle'>;
  readonly observer: Observer;
  /** The current instant, ISO 8601, UTC, ms. */
  readonly now: () => string;
}

/** An upload, as the recorder knows it. */
export type RecordedUpload = Omit<Upload, 'earlierKeys' | 'hasKey'>;

/**
 * Sends the command of an outcome, in the trace of the upload. `outcomeOf` may find that the dispense is erased: then nothing is sent. The id of the
 * command is derived from the upload's event, so the first outcome of an upload counts, whoever records it, and later ones change nothing. The decider
 * ignores one of an upload that was replaced.
 */
export function recordOutcome(
  upload: RecordedUpload,
  outcomeOf: () => Promise<Outcome | 'erased'>,
  recording: OutcomeRecording,
): Promise<void> {
  const cause = commitCause(upload, 'prescription-recorder');
  return stepForMessage(recording.observer, 'record', cause, async (traceparent) => {
    const outcome = await outcomeOf();
    if (outcome !== 'erased') await sendOutcome({ ...upload, traceparent }, outcome, recording);
  });
}

async function sendOutcome(
  upload: RecordedUpload,
  outcome: Outcome,
  { handler, observer, now }: OutcomeRecording,
): Promise<void> {
  const { stream, eventId, correlationId, traceparent } = upload;
  const result = await handler.handle([{ id: keyOfStream(stream), command: commandOf(upload, outcome) }], {
    commandId: commandIdOfReaction(automationName, eventId),
    earlier: { commandId: uuidv5(eventId, earlierNamespace), actor: automationName },
    // The same for every outcome: the first committed attempt determines the outcome of this upload.
    intent: ['RecordAnalysis', eventId],
    now: now(),
    correlationId,
    causationId: eventId,
    actor: systemActor(automationName),
    traceparent,
  });
  if (result.outcome === 'rejected') {
    observer.warn('The outcome of an analysis was refused.', { eventId, code: result.rejection.code });
  }
}

function commandOf({ eventId, key }: Pick<Upload, 'eventId' | 'key'>, outcome: Outcome): DispenseCommand {
  const common = { key, uploadEventId: eventId };
  if (outcome.type === 'failed') return { type: 'FailAnalysis', ...common, reason: outcome.reason };
  return { type: 'RecordAnalysis', ...common, ...outcome.reading };
}
