import { createServer, type Server } from 'node:net';
import { UserError } from '../user-error.ts';

export const loopback = '127.0.0.1';

/**
 * A port that was free a moment ago, for a child process that cannot choose one: `port`, or any free port for 0.
 * @throws {UserError} naming `option` when the port is in use or not allowed.
 */
export async function freePort(port = 0, option = '', address = loopback): Promise<number> {
  const server = createServer();
  const free = await listen(server, port, option, address);
  await new Promise((resolve) => server.close(resolve));
  return free;
}

/**
 * Listens on an address of loopback and returns the port; 0: any free port.
 * @throws {UserError} naming `option` when the port is in use or not allowed.
 */
export function listen(server: Server, port: number, option: string, address = loopback): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(portError(error, port, option));
    });
    server.listen(port, address, () => {
      const bound = server.address();
      resolve(typeof bound === 'object' && bound !== null ? bound.port : port);
    });
  });
}

function portError(error: NodeJS.ErrnoException, port: number, option: string): Error {
  if (error.code === 'EADDRINUSE') {
    return new UserError(
      `Port ${port} is in use: stop the program that uses it, or choose another port with ${option} (0: any).`,
    );
  }
  if (error.code === 'EACCES') {
    return new UserError(`Port ${port} is not allowed for this user: choose another with ${option}.`);
  }
  return error;
}
