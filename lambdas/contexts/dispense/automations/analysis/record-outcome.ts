import { v5 as uuidv5 } from 'uuid';
import {
  type CommandHandler,
  commandIdOfReaction,
  keyOfStream,
  type Observer,
  systemActor,
} from '../../../../kernel/index.ts';
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

/**
 * Sends the command of an outcome. The id of the command is derived from the upload's event, so the first outcome of an upload
 * counts, whoever records it, and later ones change nothing. The decider ignores one of an upload that was replaced.
 */
export async function recordOutcome(
  upload: Pick<Upload, 'stream' | 'eventId' | 'key' | 'correlationId'>,
  outcome: Outcome,
  { handler, observer, now }: OutcomeRecording,
): Promise<void> {
  const { stream, eventId, correlationId } = upload;
  const result = await handler.handle([{ id: keyOfStream(stream), command: commandOf(upload, outcome) }], {
    commandId: commandIdOfReaction(automationName, eventId),
    earlier: { commandId: uuidv5(eventId, earlierNamespace), actor: automationName },
    // The same for every outcome: the first committed attempt determines the outcome of this upload.
    intent: ['RecordAnalysis', eventId],
    now: now(),
    correlationId,
    causationId: eventId,
    actor: systemActor(automationName),
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
