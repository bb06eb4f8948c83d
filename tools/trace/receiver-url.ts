import { type AnnouncedHost, hostToAsk } from '../host/other-hosts.ts';
import { UserError } from '../host/user-error.ts';

/**
 * The receiver of traces of the host that runs this checkout, or that has this HTTP port.
 * @throws {UserError} when there is no such host, or several, or when it keeps no traces
 */
export function receiverUrl(project: string, httpPort?: number): string {
  return urlOf(hostToAsk(project, httpPort));
}

/** @throws {UserError} that says where to look instead */
export function urlOf({ httpPort, tracesPort }: Pick<AnnouncedHost, 'httpPort' | 'tracesPort'>): string {
  if (tracesPort !== undefined) return `http://localhost:${tracesPort}`;
  throw new UserError(
    `The host at port ${httpPort} keeps no traces. If it was started with --otlp, look where that leads; it keeps them without that option.`,
  );
}
