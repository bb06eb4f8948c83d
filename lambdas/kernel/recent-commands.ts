import { createHash } from 'node:crypto';

/** How long a command's id is remembered beside a snapshot. */
export const rememberedSeconds = 24 * 60 * 60;
/** The last so many are remembered however old they are ... */
export const rememberedAtLeast = 100;
/** ... and never more than so many, which bounds the snapshot (70 KB of ids). */
export const rememberedAtMost = 5_000;

/** An entry: the first bytes of the id's SHA-256, the version of its commit's first event, seconds since 1970. */
const hashBytes = 6;
const versionAt = hashBytes;
const secondsAt = versionAt + 4;
const entryBytes = secondsAt + 4;

interface NotedCommit {
  readonly commandId: string;
  /** Of the commit's first event. */
  readonly version: number;
  readonly committedAt: string;
}

/**
 * Which commands a stream has seen lately, and in which commit: what a retry is recognised by.
 * What a snapshot remembers stays packed, oldest first; a clash of short hashes costs one read of a commit and decides
 * nothing. Commands of the tail read since are kept whole and packed only when a snapshot is taken.
 */
export class RecentCommands {
  readonly #packed: Buffer;
  #noted: NotedCommit[] = [];

  private constructor(packed: Buffer) {
    this.#packed = packed;
  }

  static empty(): RecentCommands {
    return new RecentCommands(Buffer.alloc(0));
  }

  /** Takes what {@link toBytes} wrote; a torn last entry is ignored. */
  static fromBytes(bytes: Uint8Array): RecentCommands {
    const whole = bytes.byteLength - (bytes.byteLength % entryBytes);
    return new RecentCommands(Buffer.from(bytes.buffer, bytes.byteOffset, whole));
  }

  /** Takes note of a commit; one that is not behind those noted so far has been noted already. */
  note({ commandId, version, committedAt }: NotedCommit): void {
    if (version <= (this.#noted.at(-1)?.version ?? 0)) return;
    this.#noted.push({ commandId, version, committedAt });
    // A long history without a snapshot must not grow this without bound.
    if (this.#noted.length > 2 * rememberedAtMost) this.#noted = this.#noted.slice(-rememberedAtMost);
  }

  /** First versions of the commits that may have come from this command, newest first; almost always none or one. */
  candidates(commandId: string): number[] {
    const versions = this.#noted
      .filter((commit) => commit.commandId === commandId)
      .map(({ version }) => version);
    const hash = shortHash(commandId);
    const packed = this.#packed;
    for (let at = packed.indexOf(hash); at !== -1; at = packed.indexOf(hash, at + 1)) {
      // The bytes of a hash may also turn up across entries.
      if (at % entryBytes === 0) versions.push(packed.readUInt32BE(at + versionAt));
    }
    return versions.sort((a, b) => b - a);
  }

  /** What a snapshot taken at this instant keeps: 14 bytes a command, oldest first. */
  toBytes(atIso: string): Uint8Array {
    const noted = this.#noted.slice(-rememberedAtMost).map(pack);
    const all = Buffer.concat([this.#packed, ...noted]);
    const count = all.length / entryBytes;
    const oldestSeconds = secondsOf(atIso) - rememberedSeconds;
    let first = Math.max(0, count - rememberedAtMost);
    while (
      count - first > rememberedAtLeast &&
      all.readUInt32BE(first * entryBytes + secondsAt) < oldestSeconds
    )
      first += 1;
    return all.subarray(first * entryBytes);
  }
}

function pack({ commandId, version, committedAt }: NotedCommit): Buffer {
  const entry = Buffer.alloc(entryBytes);
  shortHash(commandId).copy(entry);
  entry.writeUInt32BE(version, versionAt);
  entry.writeUInt32BE(secondsOf(committedAt), secondsAt);
  return entry;
}

function shortHash(commandId: string): Buffer {
  return createHash('sha256').update(commandId).digest().subarray(0, hashBytes);
}

function secondsOf(iso: string): number {
  return Math.floor(Date.parse(iso) / 1_000);
}
