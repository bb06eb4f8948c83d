import { type CommandRequest, type CommandResult, isEventSourcingError } from '../../../kernel/index.ts';
import type { DocumentStore } from '../documents/document-store.ts';
import type { DispenseCommand } from '../domain/dispense.ts';
import type { DispenseAnswer } from './answers.ts';
import type { DispenseCommandSide } from './commands.ts';

export interface UploadSide extends DispenseCommandSide {
  readonly documents: DocumentStore;
  /** Called when a stored document could be neither kept nor removed. */
  readonly warn: (message: string, error: unknown) => void;
}

/**
 * Carries out the command for a document that is stored already. The document is kept if an event names it, and removed
 * if none does. Both are tried once: the analysis keeps it too, and documents that are not kept expire.
 */
export async function uploadStored(
  { handler, documents, warn }: UploadSide,
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
    // After any other error the event may have been written.
    if (isEventSourcingError(error)) await settle('discard');
    throw error;
  }
  // A repeated command has its event from the first try, with that try's document.
  await settle(result.outcome === 'committed' ? 'keep' : 'discard');
  return result;
}
