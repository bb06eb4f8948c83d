import { beforeEach, describe, expect, it } from '@jest/globals';
import { commandIdOfKey, sha256 } from './command-id.ts';
import type { CommandRequest } from './command-request.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import { codeOf, request } from './testing/counter-handler.fixture.ts';
import { diaryCommits, diaryHandler } from './testing/diary.fixture.ts';
import { FixedKeys } from './testing/subject-keys.fixture.ts';

const commandId = commandIdOfKey({ tenant: 'default', caller: 'alice' }, 'jane-doe-1980');

let log: MemoryEventLog;
let keys: FixedKeys;
let snapshots: MemorySnapshotStore;
beforeEach(() => {
  log = new MemoryEventLog();
  keys = new FixedKeys();
  snapshots = new MemorySnapshotStore();
});

/** A process of this release, and one of the release before, which had no keys. */
const process = (snapshotThreshold = 100) => diaryHandler({ log, keys, snapshots, snapshotThreshold });
const earlierProcess = () => diaryHandler({ log, keys: 'none', snapshots });

describe('a command that was stored under a data key', () => {
  it('is recognised by its id and content, in memory and from a snapshot', async () => {
    const { open, note } = process(2);
    const first = await open('a', { commandId });
    for (let count = 0; count < 4; count += 1) await note('a', 'Jane');
    for (const again of [open, process().open])
      expect(await again('a', { commandId })).toEqual({ ...first, outcome: 'repeated' });
    expect(await codeOf(process().note('a', 'Jane', { commandId }))).toBe('idempotency-key-reused');
  });

  it('cannot be confirmed by whoever guesses its key and its content', async () => {
    await process().open('a');
    await process().note('a', 'Jane', { commandId });
    const stored = JSON.stringify(await diaryCommits(log, 'a'));
    const intent = { type: 'Note', notes: [{ text: 'Jane' }] };
    expect(stored).not.toContain(commandId.slice(1));
    expect(stored).not.toContain(sha256(JSON.stringify(['diary', ['a'], intent])));
    // The guess is right: without a key, it is what the log has.
    await earlierProcess().open('b');
    await earlierProcess().note('b', 'Jane', { commandId });
    const [, plain] = await diaryCommits(log, 'b');
    expect(plain).toMatchObject({
      commandId,
      commandHash: sha256(JSON.stringify(['diary', ['b'], intent])),
    });
  });

  it('has another identity on each stream', async () => {
    for (const id of ['a', 'b']) await process().open(id, { commandId });
    const [a, b] = await Promise.all(['a', 'b'].map((id) => diaryCommits(log, id)));
    expect(a?.[0]?.commandId).not.toBe(b?.[0]?.commandId);
  });
});

describe('a command that the release before stored', () => {
  it('is recognised, also after the stream has got its key and a snapshot', async () => {
    await earlierProcess().open('a');
    const first = await earlierProcess().note('a', 'Jane', { commandId });
    for (const later of [0, 1, 2, 3]) {
      expect(await process().note('a', 'Jane', { commandId })).toEqual({ ...first, outcome: 'repeated' });
      expect(await codeOf(process().note('a', 'Joan', { commandId }))).toBe('idempotency-key-reused');
      await process(2).note('a', `Later ${later}`);
    }
    expect(await diaryCommits(log, 'a')).toHaveLength(6);
  });

  it('is recognised by the even earlier form too', async () => {
    await earlierProcess().open('a');
    await earlierProcess().note('a', 'Jane', { commandId: 'raw key', actor: 'alice' });
    const earlier = { commandId: 'raw key', actor: 'alice' };
    expect(await process().note('a', 'Jane', { commandId, earlier })).toMatchObject({ outcome: 'repeated' });
    await process().note('a', 'Joan');
    expect(await process().note('a', 'Jane', { commandId, earlier })).toMatchObject({ outcome: 'repeated' });
  });

  it('is recognised on the stream whose id it derived from the key alone', async () => {
    const first = await earlierProcess().open('plain', { commandId });
    await process().note('plain', 'Jane');
    const again = (more: Partial<CommandRequest>) =>
      process().open('derived-by-secret', { commandId, createdIdBefore: 'plain', ...more });
    expect(await again({})).toEqual({ ...first, outcome: 'repeated' });
    expect(await again({ commandId: `${commandId}2` })).toMatchObject({
      id: 'derived-by-secret',
      version: 1,
    });
    expect(await diaryCommits(log, 'plain')).toHaveLength(2);
  });
});

describe('a command on two streams', () => {
  const both = (one: ReturnType<typeof diaryHandler>, more: Partial<CommandRequest> = {}) =>
    one.handler.handle(
      [
        { id: 'a', command: { type: 'Note', notes: [{ text: 'Jane' }] } },
        { id: 'b', command: { type: 'Note', notes: [{ text: 'Joan' }] } },
      ],
      request({ commandId, intent: 'both', ...more }),
    );

  /** Both carried out, then many commands on the first, so that its snapshot forgets. */
  async function forgotten() {
    await process().open('a');
    await process().open('b');
    await both(process(), { now: '2026-05-01T10:00:00.000Z' });
    for (let count = 0; count < 120; count += 1) await process().note('a', 'Later');
    await process(1).note('a', 'Later', { now: '2026-05-03T10:00:00.000Z' });
  }

  it('is recognised by the other stream if the first has forgotten it', async () => {
    await forgotten();
    expect(await both(process())).toMatchObject({ outcome: 'repeated', version: 2 });
    expect(await codeOf(both(process(), { intent: 'else' }))).toBe('idempotency-key-reused');
    expect(await diaryCommits(log, 'b')).toHaveLength(2);
  });

  it('is never carried out again if the key of one is destroyed', async () => {
    await process().open('a');
    await process().open('b');
    await both(process());
    keys.destroy('diary/b');
    expect(await both(process())).toMatchObject({ outcome: 'repeated', version: 2 });
    keys.destroy('diary/a');
    expect(await codeOf(both(process()))).toBe('erased');
    expect(await diaryCommits(log, 'a')).toHaveLength(2);
  });

  it('is proved by the other stream if the key of the first is destroyed', async () => {
    await process().open('a');
    await process().open('b');
    await both(process());
    keys.destroy('diary/a');
    expect(await codeOf(both(process()))).toBe('already-carried-out');
  });
});
