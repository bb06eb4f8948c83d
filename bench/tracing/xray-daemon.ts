import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** The address of an X-Ray daemon, as `AWS_XRAY_DAEMON_ADDRESS` has it. */
export interface XRayDaemon extends AsyncDisposable {
  readonly address: string;
}

/** Starts a daemon on this machine that receives segments and drops them. */
export async function startXRayDaemon(): Promise<XRayDaemon> {
  const socket = createSocket('udp4').on('message', () => undefined);
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    [Symbol.asyncDispose]: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}
