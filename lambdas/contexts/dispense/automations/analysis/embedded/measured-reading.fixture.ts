import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { ReaderAnswer } from './reader-protocol.ts';

/** An answer, and the memory that it took. */
export interface MeasuredReading {
  readonly answer: ReaderAnswer;
  /** The kernel's peak of the resident size of the reading process. */
  readonly peakBytes: number;
  /** The largest sum of the resident sizes of all processes that this one started. Its own memory depends on the specs before. */
  readonly allPeakBytes: number;
}

/** Samples the memory of the processes that `read` starts. Linux only. */
export async function measured(read: () => Promise<ReaderAnswer>): Promise<MeasuredReading> {
  let [peakBytes, allPeakBytes] = [0, 0];
  const timer = setInterval(() => {
    const pids = readersOf();
    peakBytes = Math.max(peakBytes, ...pids.map(peakBytesOf));
    const sizes = pids.map((pid) => statusBytes(pid, 'VmRSS'));
    allPeakBytes = Math.max(
      allPeakBytes,
      sizes.reduce((sum, size) => sum + size, 0),
    );
  }, 3);
  try {
    return { answer: await read(), peakBytes, allPeakBytes };
  } finally {
    clearInterval(timer);
  }
}

/** The ids of the processes of documents that a process, by default this one, has started and that have not ended. */
export function readersOf(parent: number | undefined = process.pid): string[] {
  const path = `/proc/${parent}/task/${parent}/children`;
  return contentOf(path)
    .split(' ')
    .filter((pid) => pid !== '' && contentOf(`/proc/${pid}/cmdline`).includes('read-document.js'));
}

/** The kernel's peak of the resident size of a process. 0 if it has ended. */
export function peakBytesOf(pid: string): number {
  return statusBytes(pid, 'VmHWM');
}

function statusBytes(pid: string, field: 'VmHWM' | 'VmRSS'): number {
  const kib = new RegExp(`${field}:\\s+(\\d+)`).exec(contentOf(`/proc/${pid}/status`))?.[1];
  return Number(kib ?? 0) * 1_024;
}

/** Empty if the process has ended. */
function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}

const waitMaxMs = 30_000;

/** What `look` finds as soon as it is as wanted. Throws after 30 s. */
export async function until<Found>(look: () => Found, isWanted: (found: Found) => boolean): Promise<Found> {
  const deadlineMs = Date.now() + waitMaxMs;
  for (;;) {
    const found = look();
    if (isWanted(found)) return found;
    if (Date.now() > deadlineMs) throw new Error('The condition was not met in 30 s.');
    await delay(5);
  }
}
