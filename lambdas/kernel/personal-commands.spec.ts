import { beforeEach, describe, expect, it } from '@jest/globals';
import { placeOf } from './ciphertext.ts';
import type { Commit } from './commit.ts';
import type { Envelope } from './envelope.ts';
import type { AppendResult } from './event-log.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import { reveal } from './reveal.ts';
import { codeOf, counterHandler, InterruptedLog, request } from './testing/counter-handler.fixture.ts';
import { diaryCommits, diaryHandler, type Note } from './testing/diary.fixture.ts';
import { FixedKeys } from './testing/subject-keys.fixture.ts';

const note: Note = { text: 'Met Jane Doe', tags: ['Jane', 'Doe'], place: { street: 'Doe Road', floor: 2 } };
const secrets = /Jane|Doe|Road/;

let log: InterruptedLog;
let keys: FixedKeys;
let diaries: ReturnType<typeof diaryHandler>;
beforeEach(() => {
  log = new InterruptedLog();
  keys = new FixedKeys();
  diaries = diaryHandler({ log, keys });
});

/** Another process on the same log and keys. */
const process = () => diaryHandler({ log, keys });
const creations = () => keys.calls.filter((call) => call.startsWith('create'));
const dataOf = ({ events }: Commit) => events.map(({ data }) => data);

describe('a command on a stream of a person', () => {
  it('stores each personal value in its envelope, and nothing else', async () => {
    await diaries.open('a');
    await diaries.send('a', {
      type: 'Note',
      notes: [note, { text: 'Jane', place: { street: null, floor: 1 } }],
    });
    const commits = await diaryCommits(log, 'a');
    expect(JSON.stringify(commits)).not.toMatch(secrets);
    const stored = dataOf(commits[1] as Commit);
    const envelope = { enc: expect.any(String), key: 'key-1', v: 1 };
    expect(stored).toEqual([
      { text: envelope, words: 3, tags: [envelope, envelope], place: { street: envelope, floor: 2 } },
      { text: envelope, words: 1, place: { street: null, floor: 1 } },
    ]);
    expect(reveal(stored, 'diary/a', new Map([['diary/a', (await keys.find('diary/a')) as never]]))).toEqual([
      { ...note, words: 3 },
      { text: 'Jane', words: 1, place: { street: null, floor: 1 } },
    ]);
    const { tags } = stored[0] as { readonly tags: readonly Envelope[] };
    const eventId = commits[1]?.events[0]?.id;
    expect(tags.map(placeOf)).toEqual([0, 1].map((at) => ({ eventId, path: `tags[${at}]` })));
  });

  it('is decided on the same state as another process folds from what is stored', async () => {
    const snapshots = new MemorySnapshotStore();
    const own = diaryHandler({ log, keys, snapshots, snapshotThreshold: 2 });
    await own.open('a');
    for (let count = 0; count < 5; count += 1) {
      await own.send('a', { type: 'Note', notes: [note, note].slice(count % 2) });
      // An empty command answers from the state that was folded.
      const kept = await own.send('a', { type: 'Open' });
      for (const other of [process(), diaryHandler({ log, keys, snapshots })])
        expect(await other.send('a', { type: 'Open' })).toEqual(kept);
    }
  });

  it('creates the key of the stream before the first commit, once', async () => {
    log.beforeAppend = async () => expect(keys.at('diary/a')).toBeDefined();
    await diaries.open('a');
    await diaries.note('a', 'Jane');
    await process().note('a', 'Jane');
    expect(creations()).toEqual(['create diary/a']);
    const { commandId, commandHash } = (await diaryCommits(log, 'a'))[0] as Commit;
    expect(commandId).toMatch(/^¶[\w-]{43}$/);
    expect(commandHash).toMatch(/^[\w-]{43}$/);
  });

  it('creates no key if it commits nothing', async () => {
    expect(await diaries.note('a', 'Jane')).toMatchObject({ outcome: 'rejected' });
    expect(await codeOf(diaries.open('a', { expectedVersion: () => false }))).toBe('version-mismatch');
    await diaries.open('b');
    expect(await diaries.open('b')).toMatchObject({ outcome: 'unchanged' });
    const wrong = diaries.send('b', { type: 'Note', notes: [{ ...note, pages: 1 } as never] });
    await expect(wrong).rejects.toThrow(TypeError);
    expect(creations()).toEqual(['create diary/b']);
  });

  it('is too large by what is stored, not by what was sent', async () => {
    await diaries.open('a');
    const large = 'x'.repeat(320_000);
    expect(await codeOf(diaries.note('a', large))).toBe('commit-too-large');
    expect(await diaries.note('a', large.slice(30_000))).toMatchObject({ outcome: 'committed', version: 2 });
    const plain = diaryHandler({ keys: 'none' });
    await plain.open('a');
    expect(await plain.note('a', large)).toMatchObject({ outcome: 'committed' });
  });
});

describe('events without personal fields', () => {
  it('need no key, and none is asked for', async () => {
    const counters = counterHandler({ keys });
    await counters.add('a', 1);
    await counters.add('a', 1);
    expect(keys.calls).toEqual([]);
    expect((await Array.fromAsync(counters.log.read('counter/a'))).flat()[0]?.commandId).not.toContain('¶');
  });
});

describe('a command handler without keys', () => {
  it('commits no personal value, and events without one', async () => {
    await diaries.open('a');
    await diaries.note('a', 'Jane');
    const keyless = diaryHandler({ log, keys: 'missing' });
    await expect(keyless.note('a', 'Jane')).rejects.toThrow(/^This command handler has no data keys[^J]*$/);
    keys.destroy('diary/a');
    expect(await keyless.send('a', { type: 'Erase' }, { commandId: 'erasure' })).toMatchObject({
      version: 3,
    });
    expect(await diaryCommits(log, 'a')).toHaveLength(3);
    expect(await diaries.note('a', 'Jane')).toMatchObject({ outcome: 'rejected' });
    expect(creations()).toHaveLength(1);
  });
});

describe('a crash', () => {
  it('between the creation of the key and the commit is harmless', async () => {
    log.beforeAppend = () => Promise.reject(new Error('crashed'));
    await expect(diaries.open('a', { commandId: 'once' })).rejects.toThrow('crashed');
    log.beforeAppend = async () => undefined;
    expect(await process().open('a', { commandId: 'once' })).toMatchObject({ outcome: 'committed' });
    expect(await process().open('a', { commandId: 'once' })).toMatchObject({ outcome: 'repeated' });
    expect(creations()).toEqual(['create diary/a']);
  });
});

describe('an outage of the keys', () => {
  const outage = Object.assign(new Error('down'), { name: 'ServiceUnavailableException' });

  it.each(['find', 'create'])('at %s is passed on, and nothing is written', async (call) => {
    await diaries.open('b');
    keys.before = async (called) => {
      if (called.startsWith(call)) throw outage;
    };
    await expect(diaries.open('a')).rejects.toBe(outage);
    if (call === 'find') await expect(diaries.note('b', 'Jane')).rejects.toBe(outage);
    expect(await diaryCommits(log, 'a')).toEqual([]);
    expect(await diaryCommits(log, 'b')).toHaveLength(1);
    keys.before = async () => undefined;
    expect(await diaries.open('a')).toMatchObject({ outcome: 'committed', version: 1 });
  });
});

describe('two commands at the same time', () => {
  it('create one key, and the same command is carried out once', async () => {
    const results = await Promise.all(
      [diaries, process(), process()].map(({ open }) => open('a', { commandId: 'once' })),
    );
    expect(results.map(({ outcome }) => outcome).sort()).toEqual(['committed', 'repeated', 'repeated']);
    expect(await diaryCommits(log, 'a')).toHaveLength(1);
  });

  it('are recognised if the key is created after it was looked for', async () => {
    // Until the other process has committed, this one has found no key and has not read the stream.
    let first: unknown;
    keys.before = async (call) => {
      if (call !== 'find diary/a' || first !== undefined) return;
      first = 'under way';
      log.beforeRead = async () => {
        log.beforeRead = async () => undefined;
        const other = process();
        await other.open('a');
        first = await other.note('a', 'Jane', { commandId: 'once' });
      };
    };
    const second = await diaries.note('a', 'Jane', { commandId: 'once' });
    expect(first).toMatchObject({ outcome: 'committed', version: 2 });
    expect(second).toMatchObject({ outcome: 'repeated', version: 2 });
  });

  it('that conflict encrypt for the event ids of their last attempt', async () => {
    await diaries.open('a');
    log.beforeAppend = async () => {
      log.beforeAppend = async () => undefined;
      await process().note('a', 'Rival');
    };
    expect(await diaries.note('a', 'Jane')).toMatchObject({ outcome: 'committed', version: 3 });
    for (const { events } of (await diaryCommits(log, 'a')).slice(1))
      for (const { id, data } of events)
        expect(placeOf((data as { text: Envelope }).text)).toEqual({ eventId: id, path: 'text' });
  });
});

describe('an append that was cut off', () => {
  class CutOff extends MemoryEventLog {
    isCarriedOut = true;
    #cuts = 1;
    override async append(commits: readonly Commit[]): Promise<AppendResult> {
      this.#cuts -= 1;
      if (this.#cuts < 0) return super.append(commits);
      if (this.isCarriedOut) await super.append(commits);
      return 'unknown';
    }
  }

  it.each([true, false])(
    'of a first commit is found or replaced under the same key: %s',
    async (isCarriedOut) => {
      const cutting = new CutOff();
      cutting.isCarriedOut = isCarriedOut;
      const { open } = diaryHandler({ log: cutting, keys });
      expect(await open('a')).toMatchObject({ outcome: 'committed', version: 1 });
      expect(creations()).toEqual(['create diary/a']);
      expect(await diaryCommits(cutting, 'a')).toHaveLength(1);
    },
  );
});

describe('a stream whose key is destroyed', () => {
  it('is refused by its own state, and gets no new key', async () => {
    await diaries.open('a');
    await diaries.note('a', 'Jane', { commandId: 'once' });
    await diaries.send('a', { type: 'Erase' });
    keys.destroy('diary/a');
    for (const { note } of [diaries, process()])
      expect(await note('a', 'Jane', { commandId: 'once' })).toMatchObject({
        outcome: 'rejected',
        rejection: { code: 'diary/erased' },
      });
    expect(creations()).toHaveLength(1);
  });

  it('is refused if its events do not say so, as in a log that was restored', async () => {
    await diaries.open('a');
    await diaries.note('a', 'Jane');
    keys.destroy('diary/a');
    expect(await codeOf(process().note('a', 'Jane'))).toBe('erased');
    expect(await process().open('a')).toMatchObject({ outcome: 'unchanged' });
    expect(creations()).toHaveLength(1);
    expect(await diaryCommits(log, 'a')).toHaveLength(2);
  });
});

describe('a stream of the release before', () => {
  it('gets its key with its next commit', async () => {
    const before = diaryHandler({ log, keys: 'none' });
    await before.open('a');
    await before.send('a', { type: 'Note', notes: [note] });
    expect(await diaries.send('a', { type: 'Note', notes: [note] })).toMatchObject({ version: 3 });
    const [, old, newest] = await diaryCommits(log, 'a');
    expect(dataOf(old as Commit)).toEqual([{ ...note, words: 3 }]);
    expect(JSON.stringify(newest)).not.toMatch(secrets);
    expect(creations()).toEqual(['create diary/a']);
  });
});

describe('a command on streams of two persons', () => {
  const both = (one: ReturnType<typeof diaryHandler>, commandId: string) =>
    one.handler.handle(
      ['a', 'b'].map((id) => ({ id, command: { type: 'Note', notes: [{ text: `Jane ${id}` }] } })) as never,
      request({ commandId, intent: 'both' }),
    );

  it('protects each stream by its own key', async () => {
    await diaries.open('a');
    await diaries.open('b');
    await both(diaries, 'once');
    const [a, b] = await Promise.all(
      ['a', 'b'].map(async (id) => (await diaryCommits(log, id))[1] as Commit),
    );
    const text = (commit: Commit | undefined) =>
      (commit as Commit).events.map(({ data }) => (data as { text: Envelope }).text)[0] as Envelope;
    expect(keys.at('diary/a')?.decrypt('diary/a', text(a))).toBe('Jane a');
    expect(keys.at('diary/b')?.decrypt('diary/b', text(b))).toBe('Jane b');
    expect(a?.commandHash).not.toBe(b?.commandHash);
    expect(await both(process(), 'once')).toMatchObject({ outcome: 'repeated', version: 2 });
  });

  it('creates no key for a stream that gets no event', async () => {
    await diaries.open('a');
    const result = await diaries.handler.handle(
      [
        { id: 'a', command: { type: 'Note', notes: [{ text: 'Jane' }] } },
        { id: 'b', command: { type: 'Open' } },
        { id: 'a2', command: { type: 'Open' } },
      ],
      request(),
    );
    expect(result).toMatchObject({ outcome: 'committed' });
    await diaries.handler.handle(
      [
        { id: 'c', command: { type: 'Open' } },
        { id: 'b', command: { type: 'Open' } },
      ],
      request(),
    );
    expect(creations().sort()).toEqual([
      'create diary/a',
      'create diary/a2',
      'create diary/b',
      'create diary/c',
    ]);
  });
});
