import type { Hydrated } from './catch-up.ts';
import { isKeyedCommandId } from './command-id.ts';
import type { StreamName } from './commit.ts';
import { EventSourcingError } from './errors.ts';
import type { EventLog } from './event-log.ts';
import type { SubjectKey, SubjectKeys } from './subject-keys.ts';

/**
 * The data keys of the streams of one command. A key is created before the first commit that it protects, and only for a stream that
 * gets events. So a stream that exists after a search without a result has no key: its commits are of an earlier release, or its key is
 * destroyed.
 */
export class CommandKeys {
  readonly #keys: SubjectKeys | undefined;
  readonly #found = new Map<StreamName, SubjectKey>();

  /** `keys`: undefined for a category without personal fields. Its streams have no keys, and nothing is asked. */
  constructor(keys: SubjectKeys | undefined) {
    this.#keys = keys;
  }

  /** The key of a stream. Undefined: none was found. */
  get(stream: StreamName): SubjectKey | undefined {
    return this.#found.get(stream);
  }

  /** Looks for the keys that are not known yet. Throws an outage. */
  async find(streams: readonly StreamName[]): Promise<void> {
    const keys = this.#keys;
    if (keys === undefined) return;
    const unknown = streams.filter((stream) => !this.#found.has(stream));
    await Promise.all(
      unknown.map(async (stream) => {
        const key = await keys.find(stream);
        if (key) this.#found.set(stream, key);
      }),
    );
  }

  /** Looks again, after the streams were read: another command can have created a key and the first commit since. Throws an outage. */
  async findCreated(read: readonly Hydrated<unknown>[]): Promise<void> {
    await this.find(read.filter(({ version }) => version > 0).map(({ stream }) => stream));
  }

  /**
   * Creates the keys that are missing. A key whose stream then gets no commit is harmless: the next command uses it.
   * Throws `erased` for a stream whose key is destroyed, and an outage.
   */
  async create(streams: readonly Hydrated<unknown>[], log: Pick<EventLog, 'readCommit'>): Promise<void> {
    const keys = this.#keys;
    if (keys === undefined) return;
    const missing = streams.filter(({ stream }) => !this.#found.has(stream));
    await Promise.all(missing.map((hydrated) => requireNeverKeyed(hydrated, log)));
    await Promise.all(
      missing.map(async ({ stream }) => {
        this.#found.set(stream, await keys.create(stream));
      }),
    );
  }
}

/** With a new key, a stream would be half erased and half alive. Only the last commit is read: those of before have no key. */
async function requireNeverKeyed(
  { stream, version, commands }: Hydrated<unknown>,
  log: Pick<EventLog, 'readCommit'>,
): Promise<void> {
  if (version === 0) return;
  const last = await log.readCommit(stream, commands.lastVersion);
  if (last === undefined || !isKeyedCommandId(last.commandId)) return;
  throw new EventSourcingError(
    'erased',
    stream,
    'The data key of this stream is destroyed, but its events do not say so: the log may be a restored one. Nothing was written.',
  );
}
