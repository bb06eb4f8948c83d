import { createHash } from 'node:crypto';

/** How long a command's id is remembered beside a snapshot. */
export const rememberedSeconds = 24 * 60 * 60;
/** The last so many are remembered however old they are ... */
export const rememberedAtLeast = 100;
/** ... and never more than so many, which bounds the snapshot (70 KB of ids). */
export const rememberedAtMost = 5_000;

const hashBytes = 6;
const entryBytes = hashBytes + 4 + 4;

interface Remembered {
  /** The first bytes of the id's SHA-256, in base64; a clash costs one read of a commit and decides nothing. */
  readonly hash: string;
  /** Version of the commit's first event. */
  readonly version: number;
  /** When it was committed, in seconds since 1970. */
  readonly seconds: number;
}

/**
 * Which commands a stream has seen lately, and in which commit: what a retry is recognised by.
 * Those of the tail read since the snapshot are kept whole and hashed only when a snapshot is taken.
 */
export class RecentCommands {
  #remembered: readonly Remembered[];
  #noted: { commandId: string; version: number; committedAt: string }[] = [];

  private constructor(remembered: readonly Remembered[]) {
    this.#remembered = remembered;
  }

  static empty(): RecentCommands {
    return new RecentCommands([]);
  }

  /** Reads what {@link toBytes} wrote; a torn last entry is ignored. */
  static fromBytes(bytes: Uint8Array): RecentCommands {
    const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const remembered: Remembered[] = [];
    for (let at = 0; at + entryBytes <= buffer.length; at += entryBytes) {
      remembered.push({
        hash: buffer.toString('base64', at, at + hashBytes),
        version: buffer.readUInt32BE(at + hashBytes),
        seconds: buffer.readUInt32BE(at + hashBytes + 4),
      });
    }
    return new RecentCommands(remembered);
  }

  /** Takes note of a commit behind all those noted so far. */
  note(commit: { readonly commandId: string; readonly version: number; readonly committedAt: string }): void {
    const { commandId, version, committedAt } = commit;
    this.#noted.push({ commandId, version, committedAt });
    // A long history without a snapshot must not grow this without bound.
    if (this.#noted.length > 2 * rememberedAtMost) this.#noted = this.#noted.slice(-rememberedAtMost);
  }

  /** First versions of the commits that may have come from this command, newest first; almost always none or one. */
  candidates(commandId: string): number[] {
    const versions = this.#noted
      .filter((commit) => commit.commandId === commandId)
      .map((commit) => commit.version);
    if (this.#remembered.length > 0) {
      const hash = shortHash(commandId);
      versions.push(...this.#remembered.filter((entry) => entry.hash === hash).map((entry) => entry.version));
    }
    return versions.sort((a, b) => b - a);
  }

  /** What a snapshot taken at this instant keeps: 14 bytes a command, oldest first. */
  toBytes(atIso: string): Uint8Array {
    const oldest = secondsOf(atIso) - rememberedSeconds;
    const noted = this.#noted.slice(-rememberedAtMost).map(({ commandId, version, committedAt }) => ({
      hash: shortHash(commandId),
      version,
      seconds: secondsOf(committedAt),
    }));
    const all = [...this.#remembered, ...noted].slice(-rememberedAtMost);
    const kept = all.filter(
      (entry, index) => entry.seconds >= oldest || index >= all.length - rememberedAtLeast,
    );
    const buffer = Buffer.alloc(kept.length * entryBytes);
    for (const [index, entry] of kept.entries()) {
      const at = index * entryBytes;
      buffer.write(entry.hash, at, hashBytes, 'base64');
      buffer.writeUInt32BE(entry.version, at + hashBytes);
      buffer.writeUInt32BE(entry.seconds, at + hashBytes + 4);
    }
    return buffer;
  }
}

function shortHash(commandId: string): string {
  return createHash('sha256').update(commandId).digest().toString('base64', 0, hashBytes);
}

function secondsOf(iso: string): number {
  return Math.floor(Date.parse(iso) / 1_000);
}
