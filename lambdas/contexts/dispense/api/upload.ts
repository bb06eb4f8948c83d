import { type CommandRequest, type CommandResult, isEventSourcingError } from '../../../kernel/index.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import type { DispenseCommand } from '../domain/dispense.ts';
import type { DispenseAnswer } from './answers.ts';
import type { DispenseCommandSide } from './commands.ts';

/** What an upload needs. */
export interface UploadSide extends Pick<DispenseCommandSide, 'handler'> {
  readonly documents: DocumentStore;
  /** Called if keeping or removing a stored document fails. */
  readonly warn: (message: string, error: unknown) => void;
}

/** A command with a stored document. */
export type Upload = Extract<DispenseCommand, { type: 'UploadPrescription' | 'AddPage' }>;

/**
 * Sends the command for a stored document. Keeps the document if the command committed an event with its key. Removes it
 * if there is no such event. Both are attempted once: the analysis also keeps the document, and others expire.
 */
export async function uploadStored(
  { handler, documents, warn }: UploadSide,
  id: string,
  command: Upload,
  request: CommandRequest,
): Promise<CommandResult<DispenseAnswer>> {
  const { key } = command;
  // The warning does not contain the id of the dispense: a caller may send any text as id.
  const settle = (step: 'keep' | 'discard') =>
    documents[step](key).catch((error: unknown) => warn(`Failed to ${step} the document ${key}.`, error));
  let result: CommandResult<DispenseAnswer>;
  try {
    result = await handler.handle([{ id, command }], request);
  } catch (error) {
    // After any other error, the event may exist.
    if (isEventSourcingError(error)) await settle('discard');
    throw error;
  }
  // The event of a repeated command has the document of the first attempt.
  await settle(result.outcome === 'committed' ? 'keep' : 'discard');
  return result;
}
