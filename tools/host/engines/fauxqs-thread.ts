import { type ListenOptions, Server } from 'node:net';
import { parentPort, workerData } from 'node:worker_threads';
import { startFauxqs } from 'fauxqs';
import { leaveNoRemains } from './no-remains.ts';
import { answerVersions } from './object-versions.ts';
import { refusePages } from './refuse-pages.ts';
import type { EngineThreadData } from './worker-engine.ts';

/** Runs in a thread: SQS and S3. `workerData.dataDir` is the folder for its data; without it they are in memory. */
const { dataDir, address } = workerData as EngineThreadData & { dataDir?: string };

// The last one is asked first.
leaveNoRemains();
answerVersions();
refusePages();

// fauxqs listens on every address of the machine, and no option changes that. This thread has no other server.
const listen = Server.prototype.listen as (this: Server, options: ListenOptions, done?: () => void) => Server;
Server.prototype.listen = function (this: Server, options: ListenOptions, done?: () => void) {
  return listen.call(this, { ...options, host: address }, done);
} as typeof Server.prototype.listen;

const server = await startFauxqs({
  port: 0,
  logger: false,
  ...(dataDir === undefined ? {} : { dataDir }),
});
parentPort?.postMessage({ port: server.port });
parentPort?.once('message', async () => {
  await server.stop();
  process.exit(0);
});
