import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ownerOnly } from '../private-folder.ts';
import { messageOf } from '../user-error.ts';

export interface CheckpointOptions {
  /** The id of the event source mapping: the file's name. */
  id: string;
  /** Positions of another source are ignored: a new table has a new stream, which is read from its beginning. */
  sourceArn: string;
  /** The folder of the file. Without it, positions are in memory only. */
  folder?: string;
  warn: (line: string) => void;
}

/** How far the shards of one event source have been read: in a file with --persist, otherwise in memory. */
export class Checkpoints {
  readonly #sourceArn: string;
  readonly #file: string | undefined;
  readonly #positions: Map<string, string>;
  #writing: Promise<void> = Promise.resolve();

  /** A file that cannot be used causes a warning. The stream is then read as on a first start. */
  constructor({ id, sourceArn, folder, warn }: CheckpointOptions) {
    this.#sourceArn = sourceArn;
    this.#file = folder && join(folder, `${id}.json`);
    if (folder !== undefined) mkdirSync(folder, { recursive: true, mode: ownerOnly });
    this.#positions = new Map(this.#file === undefined ? [] : readPositions(this.#file, sourceArn, warn));
  }

  /** The sequence number of the last record that is done; undefined at the beginning. */
  after(shardId: string): string | undefined {
    return this.#positions.get(shardId);
  }

  /** Resolves when the position is stored; with a folder, when it is on disk. */
  async set(shardId: string, sequenceNumber: string): Promise<void> {
    this.#positions.set(shardId, sequenceNumber);
    const file = this.#file;
    if (file === undefined) return;
    const write = async () => {
      const content = { source: this.#sourceArn, positions: Object.fromEntries(this.#positions) };
      // Written to another file and renamed: a process that is killed during the write leaves the old file.
      await writeFile(`${file}.new`, JSON.stringify(content));
      await rename(`${file}.new`, file);
    };
    this.#writing = this.#writing.then(write, write);
    await this.#writing;
  }
}

// Some engines accept any text as a position, and then never find a record after it.
const contentSchema = z.object({
  source: z.string(),
  positions: z.record(z.string(), z.string().regex(/^\d+$/)),
});

function readPositions(file: string, sourceArn: string, warn: (line: string) => void): [string, string][] {
  if (!existsSync(file)) return [];
  try {
    const { data } = contentSchema.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    if (data === undefined) throw new Error('it does not contain positions');
    return data.source === sourceArn ? Object.entries(data.positions) : [];
  } catch (error) {
    const reason = messageOf(error).replaceAll(/\s+/g, ' ');
    warn(`The checkpoints in ${file} cannot be used (${reason}): its stream is read as on a first start.`);
    return [];
  }
}
