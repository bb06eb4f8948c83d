import { checked } from '../chain.ts';
import { chunks } from '../chunks.ts';
import type { Commit, StreamName } from '../commit.ts';
import { type CommitItem, fromItem, toItem } from '../dynamodb/commit-item.ts';
import type { ReadRange } from '../event-log.ts';
import { MemoryEventLog } from '../memory/memory-event-log.ts';

const keys = { partitionKey: 'stream', sortKey: 'version' };

/** The items of a stream, changed as somebody could who may write to the table. */
export type Change = (items: CommitItem[]) => readonly CommitItem[];

/** A log that somebody changes behind the back of the application. Reads show the changed items, appends do not see them. */
export class TamperedLog extends MemoryEventLog {
  change: Change = (items) => items;

  override async *read(
    stream: StreamName,
    { fromVersion = 1, toVersion = Number.POSITIVE_INFINITY }: ReadRange = {},
  ) {
    const present = (await Array.fromAsync(super.read(stream))).flat().map((commit) => toItem(commit, keys));
    const items = this.change(present)
      .filter(({ version }) => Number(version?.N) >= fromVersion && Number(version?.N) <= toVersion)
      .toSorted((a, b) => Number(a['version']?.N) - Number(b['version']?.N));
    const pages = chunks(items, { maxParts: 2 });
    yield* checked(
      (function* () {
        for (const page of pages) yield page.map((item) => fromItem(item, keys));
      })(),
      fromVersion,
    );
  }

  override async readCommit(stream: StreamName, version: number): Promise<Commit | undefined> {
    for await (const [commit] of this.read(stream, { fromVersion: version })) {
      return commit?.version === version ? commit : undefined;
    }
    return undefined;
  }
}
