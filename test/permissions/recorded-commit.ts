import { randomUUID } from 'node:crypto';
import { type Commit, type StoredEvent, streamName } from '../../lambdas/kernel/index.ts';
import type { ContextName } from '../../schema/contexts.ts';

/** The first recorded stream of a context, as one commit. */
export async function recordedCommit(context: ContextName): Promise<Commit> {
  const path = `../../lambdas/contexts/${context}/domain/recorded-events.fixture.ts`;
  const { recordedStreams } = (await import(path)) as {
    recordedStreams: Readonly<Record<string, readonly StoredEvent[]>>;
  };
  const [events = []] = Object.values(recordedStreams);
  return {
    stream: streamName(context, randomUUID()),
    version: 1,
    events: events.map((event) => ({ ...event, id: randomUUID() })),
    commandId: randomUUID(),
    commandHash: '',
    committedAt: new Date().toISOString(),
    correlationId: randomUUID(),
    answer: '{}',
  };
}

/** The commit with a schema version of the future in its first event: no code can read it. */
export function unreadable(commit: Commit): Commit {
  return { ...commit, events: commit.events.slice(0, 1).map((event) => ({ ...event, schemaVersion: 99 })) };
}
