import { describe, expect, it } from '@jest/globals';
import { idOfStream, lastVersionOf } from './commit.ts';
import type { EventLog } from './event-log.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import { rememberedAtLeast, rememberedAtMost } from './recent-commands.ts';
import { commitAt, unsealed } from './testing/commits.fixture.ts';
import { codeOf, commitsOf, counterHandler, request } from './testing/counter-handler.fixture.ts';

const start = Date.parse('2026-05-01T10:00:00.000Z');
const iso = (seconds: number) => new Date(start + seconds * 1_000).toISOString();

/** Appends commands of other callers, one a second from a time on. */
async function later(log: EventLog, id: string, count: number, fromSecond = 1): Promise<void> {
  const last = (await commitsOf(log, id)).at(-1);
  let version = last ? lastVersionOf(last) + 1 : 1;
  for (let index = 0; index < count; index += 1) {
    const event = { id: `${id}${version}`, type: 'Counter:Added', schemaVersion: 1, data: { amount: 1 } };
    const committedAt = iso(fromSecond + index);
    await log.append([commitAt(`counter/${id}`, version, 1, { events: [event], committedAt })]);
    version += 1;
  }
}

/** A new process. Its first command on each stream takes a snapshot, which forgets what is out of bounds. */
const processOf = (log: EventLog, snapshots: MemorySnapshotStore) =>
  counterHandler({ log, snapshots, snapshotThreshold: 1 });

/** The result of a command that is repeated after this number of commands. The last of them, at `now`, takes the snapshot. */
async function repeatedAfter(followed: number, now: string) {
  const log = new MemoryEventLog();
  const snapshots = new MemorySnapshotStore();
  const once = { commandId: 'once', now: iso(0) };
  await counterHandler({ log }).add('a', 1, once);
  await later(log, 'a', followed - 1);
  await processOf(log, snapshots).add('a', 1, { now });
  return processOf(log, snapshots).add('a', 1, once);
}

describe('the key of a command', () => {
  it.each([
    ['is remembered while fewer than 5,000 commands followed', rememberedAtMost - 1, 'repeated'],
    ['is forgotten when 5,000 commands followed', rememberedAtMost, 'committed'],
  ])('%s', async (_name, followed, outcome) => {
    expect(await repeatedAfter(followed, iso(followed))).toMatchObject({ outcome });
  });

  it.each([
    ['is remembered while fewer than 100 commands followed', rememberedAtLeast - 1, 'repeated'],
    ['is forgotten after 24 hours when 100 commands followed', rememberedAtLeast, 'committed'],
  ])('%s', async (_name, followed, outcome) => {
    expect(await repeatedAfter(followed, iso(24 * 60 * 60 + 1))).toMatchObject({ outcome });
  });
});

/** A log as an earlier version wrote it: each commit has the time of the request, or of the commit before it if that is later. */
function stampedAtReceipt(log: EventLog, receivedAt: string): EventLog {
  return {
    append: async (commits) =>
      log.append(
        await Promise.all(
          commits.map(async (commit) => {
            const [last] = (await commitsOf(log, idOfStream(commit.stream))).slice(-1);
            const before = last?.committedAt ?? '';
            return { ...unsealed(commit), committedAt: before > receivedAt ? before : receivedAt };
          }),
        ),
      ),
    read: (stream, range) => log.read(stream, range),
    readCommit: (stream, version) => log.readCommit(stream, version),
  };
}

describe('a command on two streams whose first stream has forgotten it', () => {
  const move = (process: ReturnType<typeof counterHandler>, amount = 1) =>
    process.handler.handle(
      [
        { id: 'from', command: { type: 'Add', amount: -amount } },
        { id: 'to', command: { type: 'Add', amount } },
      ],
      request({ commandId: 'once', intent: amount, now: iso(50) }),
    );

  /** 40 commands before it; many after it on the first stream, where `lastBefore` is the time of the last one before it. */
  async function forgotten({ lastBefore = 40, lastBeforeOther = 10 } = {}) {
    const log = new MemoryEventLog();
    const snapshots = new MemorySnapshotStore();
    await later(log, 'from', 39);
    await later(log, 'from', 1, lastBefore);
    await later(log, 'to', 1, lastBeforeOther);
    const first = await move(counterHandler({ log: stampedAtReceipt(log, iso(50)) }));
    await later(log, 'from', 400, 120);
    const forgetting = processOf(log, snapshots);
    await forgetting.add('from', 1, { now: iso(2 * 24 * 60 * 60) });
    return { log, snapshots, first };
  }

  it.each([
    ['has the same time', {}],
    ['has a later time, because its first stream was ahead', { lastBefore: 75 }],
    ['has an earlier time, because its second stream was ahead', { lastBeforeOther: 75 }],
  ])('returns the first answer and writes nothing if its commit %s', async (_name, times) => {
    const { log, snapshots, first } = await forgotten(times);
    expect(first).toMatchObject({ outcome: 'committed', version: 41, answer: { total: 39 } });
    const reads: number[] = [];
    const watched: EventLog = {
      append: () => Promise.reject(new Error('Nothing may be written.')),
      readCommit: (stream, version) => log.readCommit(stream, version),
      read: (stream, range) => {
        reads.push(range?.fromVersion ?? 1);
        return log.read(stream, range);
      },
    };
    expect(await move(processOf(watched, snapshots))).toEqual({ ...(first as object), outcome: 'repeated' });
    // Hydrating two streams and catching up, then halving 443 versions once or twice.
    expect(reads.length).toBeLessThan(30);
  });

  it('is refused with another body under the same key', async () => {
    const { log, snapshots } = await forgotten();
    expect(await codeOf(move(processOf(log, snapshots), 2))).toBe('idempotency-key-reused');
    expect(await commitsOf(log, 'to')).toHaveLength(2);
  });

  it('is refused, and not carried out again, if its first answer cannot be found', async () => {
    // The second stream was far ahead, so the time of its commit leads to the wrong place.
    const { log, snapshots } = await forgotten({ lastBeforeOther: 400 });
    expect(await codeOf(move(processOf(log, snapshots)))).toBe('already-carried-out');
    expect(await commitsOf(log, 'to')).toHaveLength(2);
  });
});
