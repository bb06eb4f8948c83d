import { hash } from 'node:crypto';

/** How long a snapshot remembers the id of a command, in seconds. */
export const rememberedSeconds = 24 * 60 * 60;
/** A snapshot remembers at least its last commands up to this number, however old they are. */
export const rememberedAtLeast = 100;
/**
 * A snapshot remembers at most this many commands (70 KB). So a command is remembered while fewer than this many later ones
 * followed, within {@link rememberedSeconds}.
 */
export const rememberedAtMost = 5_000;

/** An entry: the first bytes of the id's SHA-256, the version of the commit's first event, seconds since 1970. */
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
 * The recent commands of a stream and their commits. They identify a retry. Commands from a snapshot stay packed, oldest
 * first, with short hashes. Two ids with the same short hash only cost one more read of a commit. Later commands are kept
 * whole until the next snapshot.
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

  /** Reads what {@link toBytes} returned. An incomplete last entry is ignored. */
  static fromBytes(bytes: Uint8Array): RecentCommands {
    const whole = bytes.byteLength - (bytes.byteLength % entryBytes);
    return new RecentCommands(Buffer.from(bytes.buffer, bytes.byteOffset, whole));
  }

  /** A copy. Commits that are added to it do not change this. */
  copy(): RecentCommands {
    const copy = new RecentCommands(this.#packed);
    copy.#noted = [...this.#noted];
    return copy;
  }

  /** Adds a commit. Ignores a version that is not higher than the last: it was added before. This only saves space. */
  note({ commandId, version, committedAt }: NotedCommit): void {
    if (version <= this.lastVersion) return;
    this.#noted.push({ commandId, version, committedAt });
    // Limits the memory for a long history without a snapshot.
    if (this.#noted.length > 2 * rememberedAtMost) this.#noted = this.#noted.slice(-rememberedAtMost);
  }

  /** First version of the last commit that was added; 0 if there is none. */
  get lastVersion(): number {
    const packed = this.#packed;
    const lastPacked = packed.length === 0 ? 0 : packed.readUInt32BE(packed.length - entryBytes + versionAt);
    return this.#noted.at(-1)?.version ?? lastPacked;
  }

  /** First versions of the commits that may belong to this command, newest first. Usually at most one. */
  candidates(commandId: string): number[] {
    const versions = this.#noted
      .filter((commit) => commit.commandId === commandId)
      .map(({ version }) => version);
    const short = shortHash(commandId);
    const packed = this.#packed;
    for (let at = packed.indexOf(short); at !== -1; at = packed.indexOf(short, at + 1)) {
      // The same bytes can also occur across two entries. Such a candidate would only cost a read.
      if (at % entryBytes === 0) versions.push(packed.readUInt32BE(at + versionAt));
    }
    return versions.sort((a, b) => b - a);
  }

  /**
   * First version of the last commit in packed commands, of those that begin at `version` or before. Undefined if there is
   * none, or if the bytes are torn.
   */
  static lastCommitIn(bytes: Uint8Array, version: number): number | undefined {
    if (bytes.byteLength % entryBytes !== 0) return undefined;
    const packed = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    for (let at = packed.length - entryBytes; at >= 0; at -= entryBytes) {
      const first = packed.readUInt32BE(at + versionAt);
      if (first >= 1 && first <= version) return first;
    }
    return undefined;
  }

  /** The commands for a snapshot that is taken at this time: 14 bytes each, oldest first. */
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
  return hash('sha256', commandId, 'buffer').subarray(0, hashBytes);
}

function secondsOf(iso: string): number {
  return Math.floor(Date.parse(iso) / 1_000);
}
