import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import kinesalite from 'kinesalite';
import { awsClient } from '../aws-json.ts';
import { refusePages } from './refuse-pages.ts';
import type { EngineThreadData } from './worker-engine.ts';

/** Runs in a thread: Kinesis. `workerData.path` is the folder for its data; without it they are in memory. */
const { path, address } = workerData as EngineThreadData & { path?: string };

refusePages();

process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
  // kinesalite throws when a client disconnects during a request. Other requests are not affected.
  if (error.code === 'ECONNRESET' || error.code === 'EPIPE' || error.message === 'aborted') return;
  parentPort?.postMessage({ failure: error.message });
  setImmediate(() => process.exit(1));
});

const server = kinesalite({
  ...(path === undefined ? {} : { path }),
  createStreamMs: 0,
  deleteStreamMs: 0,
  updateStreamMs: 0,
});
server.listen(0, address, async () => {
  const { port } = server.address() as AddressInfo;
  // It listens before its database is open. An answer shows that the database is open, and that no other process uses it.
  await awsClient(`http://${address}:${port}`, 'kinesis').call('ListStreams', {});
  parentPort?.postMessage({ port });
});
parentPort?.once('message', () => {
  server.closeAllConnections();
  // Closes the database too; otherwise the next start has to repair it.
  server.close(() => process.exit(0));
});
