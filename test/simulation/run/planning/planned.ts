import type { Streams } from './commands.ts';
import type { CommandDraft } from './draft.ts';
import type { Temper } from './temper.ts';

/** What is planned already. */
export interface Planned {
  readonly temper: Temper;
  readonly commands: readonly CommandDraft[];
  readonly streams: Streams;
}
