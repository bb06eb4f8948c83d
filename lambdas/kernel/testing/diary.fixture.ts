import * as z from 'zod';
import { CommandHandler } from '../command-handler.ts';
import type { CommandRequest } from '../command-request.ts';
import { type Commit, streamName } from '../commit.ts';
import { type Decider, reject } from '../decider.ts';
import { personal } from '../envelope.ts';
import { defineEvents, type EventOf } from '../event-definitions.ts';
import type { EventLog } from '../event-log.ts';
import { MemoryEventLog } from '../memory/memory-event-log.ts';
import { MemorySnapshotStore } from '../memory/memory-snapshot-store.ts';
import type { SnapshotStore } from '../snapshot-store.ts';
import type { SubjectKeys } from '../subject-keys.ts';
import { request } from './counter-handler.fixture.ts';
import { withoutMarks } from './envelopes.fixture.ts';
import { simulatedEffects } from './simulated-effects.ts';
import { FixedKeys } from './subject-keys.fixture.ts';

/** A small aggregate with personal fields of every kind. */
export const diaryEvents = defineEvents({
  'Diary:Opened': { schema: z.strictObject({ pages: z.int() }) },
  'Diary:Noted': {
    schema: z.strictObject({
      text: personal(z.string()),
      words: z.int(),
      tags: z.array(personal(z.string())).optional(),
      place: z.strictObject({ street: personal(z.string()).nullable(), floor: z.int() }).optional(),
    }),
  },
  'Diary:Erased': { schema: z.strictObject({}) },
});

export type DiaryEvent = EventOf<typeof diaryEvents>;
type Noted = Extract<DiaryEvent, { type: 'Diary:Noted' }>['data'];
export type Note = Omit<Noted, 'words' | 'text'> & { readonly text: string };

export type DiaryCommand =
  | { readonly type: 'Open' }
  | { readonly type: 'Note'; readonly notes: readonly Note[] }
  | { readonly type: 'Erase' };

/** Only what is not personal. */
export interface DiaryState {
  readonly status: 'none' | 'open' | 'erased';
  readonly words: number;
  readonly tags: number;
}

export const diary: Decider<DiaryState, DiaryCommand, DiaryEvent> = {
  category: 'diary',
  stateVersion: 1,
  isState: (value) => ['open', 'erased'].includes((value as DiaryState).status),
  initialState: () => ({ status: 'none', words: 0, tags: 0 }),
  evolve: (state, event) => {
    if (event.type === 'Diary:Opened') return { ...state, status: 'open' };
    if (event.type === 'Diary:Erased') return { ...state, status: 'erased' };
    const { words, tags = [] } = event.data;
    return { ...state, words: state.words + words, tags: state.tags + tags.length };
  },
  decide: (command, { status }) => {
    if (status === 'erased') return reject('refused', 'diary/erased', 'The diary is erased.');
    if (command.type === 'Open')
      return status === 'open' ? [] : [{ type: 'Diary:Opened', data: { pages: 9 } }];
    if (status === 'none') return reject('not-found', 'diary/unknown', 'There is no such diary.');
    if (command.type === 'Erase') return [{ type: 'Diary:Erased', data: {} }];
    return command.notes.map((note) => ({
      type: 'Diary:Noted' as const,
      data: { ...note, words: note.text.split(' ').length },
    }));
  },
};

interface DiaryHandlerOptions {
  readonly log?: EventLog;
  readonly snapshots?: SnapshotStore;
  readonly snapshotThreshold?: number;
  /** Default: fixed keys in memory. `none`: as the release before, which had no keys. `missing`: keys are needed, but not given. */
  readonly keys?: SubjectKeys | 'none' | 'missing';
}

/** A command handler of diaries, as one process has it. */
export function diaryHandler(options: DiaryHandlerOptions = {}) {
  const {
    log = new MemoryEventLog(),
    snapshots = new MemorySnapshotStore(),
    keys = new FixedKeys(),
  } = options;
  const handler = new CommandHandler({
    log,
    snapshots,
    events: keys === 'none' ? withoutMarks(diaryEvents) : diaryEvents,
    decider: diary,
    answer: ({ status, words, tags }: DiaryState) => ({ status, words, tags }),
    snapshotThreshold: options.snapshotThreshold ?? 100,
    effects: simulatedEffects(),
    ...(typeof keys === 'object' && { keys }),
  });
  const send = (id: string, command: DiaryCommand, more: Partial<CommandRequest> = {}) =>
    handler.handle([{ id, command }], request({ intent: command, ...more }));
  const open = (id: string, more: Partial<CommandRequest> = {}) => send(id, { type: 'Open' }, more);
  const note = (id: string, text: string, more: Partial<CommandRequest> = {}) =>
    send(id, { type: 'Note', notes: [{ text }] }, more);
  return { handler, send, open, note };
}

/** All commits of a diary. */
export async function diaryCommits(log: EventLog, id: string): Promise<Commit[]> {
  return (await Array.fromAsync(log.read(streamName(diary.category, id)))).flat();
}
