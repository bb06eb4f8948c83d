import { randomUUID } from 'node:crypto';
import { ledgerContext } from '../../lambdas/contexts/ledger/context.ts';
import type { LedgerEvent } from '../../lambdas/contexts/ledger/domain/events.ts';
import { type Commit, commandIdWithoutKey, type StreamName, sealed } from '../../lambdas/kernel/index.ts';
import { nodeEffects } from '../../lambdas/runtime/node-effects.ts';

/** Between two commits. A snapshot remembers the commands of a day, so this is not too short. */
const betweenCommitsMs = 10_000;

/** As long as the SHA-256 of a real command. */
const commandHash = 'b'.repeat(43);

/** The commits of an account with these events, as command handlers append them. The last is as old as this moment. */
export function* accountCommits(
  stream: StreamName,
  events: Iterable<LedgerEvent>,
  { count, eventsPerCommit }: { readonly count: number; readonly eventsPerCommit: number },
): Iterable<Commit> {
  const { decider } = ledgerContext;
  const firstMs = Date.now() - Math.ceil(count / eventsPerCommit) * betweenCommitsMs;
  let state = decider.initialState();
  let version = 1;
  let hash: string | undefined;
  for (const own of groups(events, eventsPerCommit)) {
    state = own.reduce(decider.evolve, state);
    const committedAt = new Date(
      firstMs + Math.ceil(version / eventsPerCommit) * betweenCommitsMs,
    ).toISOString();
    const commit = commitOf(stream, version, own, {
      committedAt,
      answer: ledgerContext.answer(state, committedAt),
      hash,
    });
    yield commit;
    version += own.length;
    hash = commit.hash;
  }
}

/** One commit of these events, with its place in the chain. */
export function commitOf(
  stream: StreamName,
  version: number,
  events: readonly LedgerEvent[],
  { committedAt, answer, hash }: { committedAt: string; answer: object; hash: string | undefined },
): Commit {
  const commit = {
    stream,
    version,
    events: events.map(({ type, data }) => ({ id: nodeEffects.newId(), type, schemaVersion: 1, data })),
    commandId: commandIdWithoutKey(randomUUID()),
    commandHash,
    committedAt,
    answer: JSON.stringify(answer),
    correlationId: randomUUID(),
    actor: 'bench',
  };
  return sealed(commit, hash);
}

function* groups<Part>(parts: Iterable<Part>, size: number): Iterable<Part[]> {
  let group: Part[] = [];
  for (const part of parts) {
    group.push(part);
    if (group.length < size) continue;
    yield group;
    group = [];
  }
  if (group.length > 0) yield group;
}
