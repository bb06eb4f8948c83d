import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { access, writeFile } from 'node:fs/promises';
import { platform } from 'node:os';
import { join } from 'node:path';
import { parseAnswer } from './reader-answer.ts';
import {
  memorySignal,
  type ParsedType,
  type ReaderAnswer,
  type ReaderRequest,
  readerMemoryMaxBytes,
} from './reader-protocol.ts';

/** A document that a process of its own reads. */
export interface ParsedDocument {
  readonly contentType: ParsedType;
  readonly bytes: Uint8Array;
}

/** How to start the processes that read documents. */
export interface Readers {
  /** The folder with the program of the process and its data. The build creates it. */
  readonly readersFolder: string;
  /** The program of Node. */
  readonly nodePath: string;
  /** The folder of Node's own libraries, if it needs one. Lambda has it in LD_LIBRARY_PATH. Default: none. */
  readonly librariesPath?: string | undefined;
}

/** Options of {@link readInProcess}. */
export interface ReaderProcessOptions extends Readers {
  /** The process is killed after this time. In ms, from 0. */
  readonly timeoutMs: number;
}

/** The process ended without an answer, and no limit of ours ended it. Another attempt may help. */
export class ReaderEndedError extends Error {
  override readonly name = 'ReaderEndedError';
}

/** What one process may write. Longer output is none of its answers. */
const outputMaxBytes = 32 * 1024 * 1024;
const errorsMaxBytes = 16 * 1024;
const heapMaxMb = 512;

/**
 * Virtual memory that a process may write to, in KiB, as the kernel's hard limit behind the watchdog's samples. V8 reserves up
 * to 0.6 GiB of it for code and does not use it.
 */
const dataLimitKib = Math.round(readerMemoryMaxBytes / 1024) + 700_000;

/** What V8 and our own code write to standard error when memory is exhausted. */
const outOfMemory = /out of memory|allocation failed|Failed to allocate|memory access out of bounds/i;

const shell = '/bin/sh';

/**
 * Reads one document in a new process, and ends it. The process has none of this one's environment, may read the readers'
 * folder only, and writes no files. It ends itself when this process ends. No other document is read in it: documents of
 * different people never share memory, and a parser's state after a failure is unknown.
 * @throws {ReaderEndedError}
 */
export async function readInProcess(
  document: ParsedDocument,
  { timeoutMs, ...readers }: ReaderProcessOptions,
): Promise<ReaderAnswer> {
  const program = join(readers.readersFolder, 'read-document.js');
  // A missing program is a fault of the deployment, not of the document.
  await access(program);
  const reader = start(program, readers);
  preferToKill(reader);
  const ended = endOf(reader);
  let isTimeUp = false;
  const timer = setTimeout(() => {
    isTimeUp = true;
    reader.kill('SIGKILL');
  }, timeoutMs);
  try {
    send(reader, document);
    const { output, errors, signal, code } = await ended;
    const answer = code === 0 ? parseAnswer(output) : undefined;
    if (answer) return answer;
    if (isTimeUp) return { kind: 'refused', because: 'much-time' };
    if (signal === memorySignal || outOfMemory.test(errors))
      return { kind: 'refused', because: 'much-memory' };
    throw new ReaderEndedError(
      `The process that reads documents ended without an answer (${signal ?? code}).`,
    );
  } finally {
    clearTimeout(timer);
    reader.kill('SIGKILL');
  }
}

function start(program: string, { readersFolder, nodePath, librariesPath }: Readers): ChildProcess {
  const node = [
    nodePath,
    `--max-old-space-size=${heapMaxMb}`,
    '--no-warnings',
    // Without them, a parser that is taken over could read the credentials in /proc/<parent>/environ.
    '--permission',
    `--allow-fs-read=${readersFolder}`,
    // For the watchdog.
    '--allow-worker',
    program,
  ] as const;
  const limited =
    platform() === 'linux' && existsSync(shell)
      ? ([shell, '-c', `ulimit -d ${dataLimitKib}; exec "$@"`, 'read-document', ...node] as const)
      : node;
  const [command, ...args] = limited;
  // No credentials.
  const env = librariesPath === undefined ? {} : { LD_LIBRARY_PATH: librariesPath };
  return spawn(command, args, { env, stdio: ['pipe', 'pipe', 'pipe'], cwd: readersFolder });
}

/** If memory is exhausted all the same, the kernel ends the reader and not this process. Only Linux has this. */
function preferToKill({ pid }: ChildProcess): void {
  if (pid === undefined || platform() !== 'linux') return;
  writeFile(`/proc/${pid}/oom_score_adj`, '1000').catch(() => undefined);
}

function send({ stdin }: ChildProcess, { contentType, bytes }: ParsedDocument): void {
  const request: ReaderRequest = { contentType, sizeBytes: bytes.byteLength };
  // A process that has ended does not read. `endOf` reports its end.
  stdin?.on('error', () => undefined);
  stdin?.write(`${JSON.stringify(request)}\n`);
  // Not ended: the end of this stream tells the process that this one is gone.
  stdin?.write(bytes);
}

interface Ended {
  readonly output: string;
  readonly errors: string;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** Resolves when the process has ended and its output is complete. Rejects if it could not be started. */
function endOf(reader: ChildProcess): Promise<Ended> {
  const output: Buffer[] = [];
  let errors = '';
  let outputBytes = 0;
  reader.stdout?.on('data', (chunk: Buffer) => {
    outputBytes += chunk.byteLength;
    if (outputBytes > outputMaxBytes) reader.kill('SIGKILL');
    else output.push(chunk);
  });
  reader.stderr?.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-errorsMaxBytes);
  });
  return new Promise((resolve, reject) => {
    reader.once('error', reject);
    reader.once('close', (code, signal) =>
      resolve({ output: Buffer.concat(output).toString(), errors, code, signal }),
    );
  });
}
