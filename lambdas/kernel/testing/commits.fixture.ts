import { randomUUID } from 'node:crypto';
import type { Commit, StreamName } from '../commit.ts';

let streams = 0;

/** A stream that no other test uses, even if tests share a table. */
export function newStream(): StreamName {
  streams += 1;
  return `test/${randomUUID()}-${streams}`;
}

/** The commit as an earlier release stored it: without hashes. */
export function unsealed({ hash: _hash, previousHash: _previousHash, ...commit }: Commit): Commit {
  return commit;
}

/** A commit of `count` events at this version of a stream, with example data. */
export function commitAt(stream: StreamName, version: number, count = 1, more: Partial<Commit> = {}): Commit {
  return {
    stream,
    version,
    events: Array.from({ length: count }, (_, index) => ({
      id: randomUUID(),
      type: 'Test:Happened',
      schemaVersion: 1,
      data: { position: version + index, text: 'Zażółć 🐟 "quoted"' },
    })),
    commandId: randomUUID(),
    commandHash: 'hash',
    committedAt: '2026-01-02T03:04:05.678Z',
    answer: '{}',
    correlationId: 'correlation',
    ...more,
  };
}
