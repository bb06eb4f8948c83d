import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import type { CommandRequest } from './command-request.ts';
import { MemoryEventLog } from './memory/memory-event-log.ts';
import { MemorySnapshotStore } from './memory/memory-snapshot-store.ts';
import { commitAt } from './testing/commits.fixture.ts';
import { codeOf, commitsOf, counterHandler, request } from './testing/counter-handler.fixture.ts';

const iso = (seconds: number) => new Date(Date.UTC(2026, 4, 1) + seconds * 1_000).toISOString();
const sha256 = (text: string) => createHash('sha256').update(text).digest('base64url');

/** A commit of one addition, as the release before stored it. */
const added = (id: string, version: number, amount: number, commandId: string, seconds: number) =>
  commitAt(`counter/${id}`, version, 1, {
    events: [{ id: `${id}${version}`, type: 'Counter:Added', schemaVersion: 1, data: { amount } }],
    commandId,
    commandHash: sha256(JSON.stringify(['counter', ['from', 'to'], 1])),
    committedAt: iso(seconds),
    answer: JSON.stringify({ total: 41 }),
    actor: 'alice',
  });

/** The release before moved 1 under the key `once`. Then `later` commands followed on the first stream. */
async function moved(later: number) {
  const log = new MemoryEventLog();
  const snapshots = new MemorySnapshotStore();
  for (let version = 1; version <= 3; version += 1) {
    await log.append([added('from', version, 14, `before-${version}`, version)]);
  }
  await log.append([added('from', 4, -1, 'once', 10), added('to', 1, 1, sha256('counter/from once'), 10)]);
  for (let version = 5; version < 5 + later; version += 1) {
    await log.append([added('from', version, 1, `later-${version}`, 100 + version)]);
  }
  const process = () => counterHandler({ log, snapshots, snapshotThreshold: 1 });
  // Takes a snapshot, which forgets what is out of bounds.
  await process().add('from', 1, { now: iso(2 * 24 * 60 * 60) });
  const move = (actor: string | undefined, more: Partial<CommandRequest> = {}) =>
    process().handler.handle(
      [
        { id: 'from', command: { type: 'Add', amount: -1 } },
        { id: 'to', command: { type: 'Add', amount: 1 } },
      ],
      request({
        commandId: '§new',
        earlier: { commandId: 'once', actor },
        intent: 1,
        actor: `issuer ${actor}`,
        now: iso(50),
        ...more,
      }),
    );
  return { log, move };
}

describe('a command on two streams that the release before carried out', () => {
  it.each([
    ['is remembered by both', 1],
    ['is forgotten by the first', 200],
  ])('returns its first answer if it %s', async (_name, later) => {
    const { log, move } = await moved(later);
    expect(await move('alice')).toMatchObject({ outcome: 'repeated', version: 4, answer: { total: 41 } });
    expect(await commitsOf(log, 'to')).toHaveLength(1);
  });

  it.each([
    ['another caller', 'bob', {}],
    ['a request without a caller', undefined, {}],
    ['an automation of that name', 'alice', { causationId: 'event' }],
  ])('does not stop %s', async (_name, actor, more) => {
    for (const later of [1, 200]) {
      const { log, move } = await moved(later);
      expect(await move(actor, more)).toMatchObject({ outcome: 'committed' });
      expect(await commitsOf(log, 'to')).toHaveLength(2);
    }
  });

  it('is refused with another intent', async () => {
    const { log, move } = await moved(200);
    expect(await codeOf(move('alice', { intent: 2 }))).toBe('idempotency-key-reused');
    expect(await commitsOf(log, 'to')).toHaveLength(1);
  });
});
