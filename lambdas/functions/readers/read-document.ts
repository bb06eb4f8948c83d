import { readSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type {
  ReaderAnswer,
  ReaderRequest,
} from '../../contexts/dispense/automations/analysis/embedded/reader-protocol.ts';
import { readPdf } from '../../contexts/dispense/automations/analysis/embedded/reading-process/pdf/read-pdf.ts';
import { readImage } from '../../contexts/dispense/automations/analysis/embedded/reading-process/read-image.ts';

/** Where tesseract's WebAssembly and data are. */
const folder = import.meta.dirname;

/** The program of the process that reads one document: from standard input, to standard output. See `readInProcess`. */
async function main(): Promise<void> {
  // Received first: the watchdog reads the same input, without blocking, and nothing is parsed before it watches.
  const { contentType, bytes } = receive();
  const watchdog = new Worker(join(folder, 'watchdog.js'));
  await new Promise((resolve) => watchdog.once('online', resolve));
  const answer =
    contentType === 'application/pdf' ? await readPdf(bytes, folder) : await readImage(bytes, folder);
  send(answer);
  process.exit(0);
}

interface Received {
  readonly contentType: ReaderRequest['contentType'];
  readonly bytes: Uint8Array;
}

/** Blocks until the whole document has arrived. */
function receive(): Received {
  const head: number[] = [];
  const one = new Uint8Array(1);
  for (fill(one); one[0] !== 0x0a; fill(one)) head.push(one[0] as number);
  const { contentType, sizeBytes } = JSON.parse(Buffer.from(head).toString()) as ReaderRequest;
  const bytes = new Uint8Array(sizeBytes);
  fill(bytes);
  return { contentType, bytes };
}

function fill(bytes: Uint8Array): void {
  for (let at = 0; at < bytes.byteLength; ) {
    const count = readSync(0, bytes, at, bytes.byteLength - at, null);
    if (count === 0) throw new Error('The input ended early.');
    at += count;
  }
}

function send(answer: ReaderAnswer): void {
  const output = Buffer.from(JSON.stringify(answer));
  for (let at = 0; at < output.byteLength; ) at += writeSync(1, output, at);
}

void main();
