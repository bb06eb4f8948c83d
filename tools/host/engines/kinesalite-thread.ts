import type { AddressInfo } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import kinesalite from 'kinesalite';
import { awsClient } from '../aws-json.ts';
import { loopback } from './free-port.ts';

/** Runs in a thread: Kinesis. `workerData.path` is where it keeps its data, nothing for memory. */
const { path } = workerData as { path?: string };

process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
  // kinesalite rethrows what a client that hangs up in mid-request causes; it concerns nobody else.
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
server.listen(0, loopback, async () => {
  const { port } = server.address() as AddressInfo;
  // It listens before its database is open: only an answer tells that it is, and that nobody else has it.
  const client = awsClient(`http://${loopback}:${port}`, 'kinesis');
  await client.call('ListStreams', {});
  client.close();
  parentPort?.postMessage({ port });
});
parentPort?.once('message', () => {
  server.closeAllConnections();
  // Closes the database too, so that the next start need not repair it.
  server.close(() => process.exit(0));
});
