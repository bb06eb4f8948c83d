import { Socket } from 'node:net';
import {
  memorySignal,
  readerMemoryMaxBytes,
} from '../../contexts/dispense/automations/analysis/embedded/reader-protocol.ts';

/** Time between two samples of the resident size. In this time a process gets at most some ten MB more. */
const sampleMs = 10;

/**
 * A thread that ends its process when it has too much memory, or when the process that started it is gone. The main thread
 * cannot do so while it reads a document.
 */
setInterval(() => {
  if (process.memoryUsage.rss() > readerMemoryMaxBytes) process.kill(process.pid, memorySignal);
}, sampleMs);

const parent = new Socket({ fd: 0, readable: true, writable: false });
parent.on('close', () => process.kill(process.pid, 'SIGKILL'));
parent.on('error', () => process.kill(process.pid, 'SIGKILL'));
parent.resume();
