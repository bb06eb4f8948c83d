import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** How far the shards of one event source have been read; in a file under --persist, else in memory. */
export class Checkpoints {
  readonly #file: string | undefined;
  readonly #positions: Map<string, string>;
  #writing: Promise<void> = Promise.resolve();

  /** @throws when the file is there and cannot be read. */
  constructor(id: string, folder?: string) {
    this.#file = folder && join(folder, `${id}.json`);
    if (folder !== undefined) mkdirSync(folder, { recursive: true });
    this.#positions = new Map(
      this.#file !== undefined && existsSync(this.#file)
        ? Object.entries<string>(JSON.parse(readFileSync(this.#file, 'utf8')))
        : [],
    );
  }

  /** The sequence number of the last record that is done with. */
  after(shardId: string): string | undefined {
    return this.#positions.get(shardId);
  }

  /** Resolves when it would survive the end of this process. */
  async set(shardId: string, sequenceNumber: string): Promise<void> {
    this.#positions.set(shardId, sequenceNumber);
    const file = this.#file;
    if (file === undefined) return;
    const write = async () => {
      // In place at once, so that a process killed in mid-write leaves the file as it was.
      await writeFile(`${file}.new`, JSON.stringify(Object.fromEntries(this.#positions)));
      await rename(`${file}.new`, file);
    };
    this.#writing = this.#writing.then(write, write);
    await this.#writing;
  }
}
