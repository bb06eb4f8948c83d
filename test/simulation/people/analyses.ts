import type { PersonCommand } from '../history.ts';
import type { RowReply } from '../system/api-calls.ts';
import { endWithin, pause, type Surroundings } from './surroundings.ts';

/** How long a person waits for the row, and then thinks about the analysis, in ms. */
const patienceMs = 5_000;
const thinkMs = 8_000;

/**
 * The command with the id of the analysis that the person sees now, for a command of a plan about an analysis. `slowly`: the person
 * takes time, so a newer upload may come before the command. Without an answer, or an analysis, the command names none that exists.
 */
export async function withSeenAnalysis(around: Surroundings, command: PersonCommand): Promise<PersonCommand> {
  if (command.context !== 'dispense' || !('analysis' in command)) return command;
  const { id, analysis } = command;
  const seen = await seenIn(around, id);
  if (analysis === 'slowly') await pause(around, thinkMs);
  return { ...command, analysis: seen ?? 'none' };
}

async function seenIn(around: Surroundings, id: string): Promise<string | undefined> {
  const call = { kind: 'row', context: 'dispense', id, isFresh: true };
  const end = await endWithin(around, patienceMs, around.invoke('api', call));
  const reply = end.ok ? (end.result as RowReply) : undefined;
  if (reply === undefined || 'failed' in reply) return undefined;
  const { prescription } = (reply.found?.row ?? {}) as {
    readonly prescription?: { readonly analysis?: { readonly id?: string } };
  };
  return prescription?.analysis?.id;
}
