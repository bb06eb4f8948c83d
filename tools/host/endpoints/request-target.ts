import type { IncomingMessage } from 'node:http';
import { isIPv4 } from 'node:net';
import type { ErrorAnswer } from './error-answer.ts';

/** The parts of a request that the guard reads and changes. */
export type GuardedRequest = Pick<
  IncomingMessage,
  'method' | 'url' | 'httpVersion' | 'headers' | 'headersDistinct'
>;

/** What a request asks for. */
export interface RequestTarget {
  /** In origin-form: path and query; or `*` (RFC 9112, 3.2.1 and 3.2.4). */
  readonly target: string;
  /** Host and port. Undefined for a request of HTTP/1.0 that names none. */
  readonly authority: string | undefined;
}

/** RFC 9112, 3.2: the value of `Host`; for http it is not empty. */
const authorityForm = /^(?:\[[0-9a-f:.]+\]|[\w.~%!$&'()*+,;=-]+)(?::\d*)?$/i;
const absoluteForm = /^([a-z][a-z0-9+.-]*):\/\/([^/?#]*)([^#]*)$/i;

/** The only transfer coding that Node decodes is "chunked". RFC 9112, 6.1: others get 501, and HTTP/1.0 has none. */
function transferCodingError({
  httpVersion,
  headersDistinct,
}: Pick<GuardedRequest, 'httpVersion' | 'headersDistinct'>): ErrorAnswer | undefined {
  const coding = headersDistinct['transfer-encoding']?.join(', ');
  if (coding === undefined) return undefined;
  if (httpVersion === '1.0') return malformed('A request of HTTP/1.0 has no Transfer-Encoding.');
  if (coding.trim().toLowerCase() === 'chunked') return undefined;
  const detail = 'The only transfer coding of this host is "chunked".';
  return { statusCode: 501, code: 'transfer-coding', title: 'Transfer coding not supported', detail };
}

/** The target of a request, or why it has none (RFC 9112, 3.2). The authority of an absolute-form target replaces `Host`. */
export function requestTarget({
  method,
  url = '',
  httpVersion,
  headersDistinct,
}: Omit<GuardedRequest, 'headers'>): RequestTarget | ErrorAnswer {
  const codingError = transferCodingError({ httpVersion, headersDistinct });
  if (codingError !== undefined) return codingError;
  const hosts = headersDistinct['host'] ?? [];
  const [host] = hosts;
  if (hosts.length > 1) return malformed('The request has more than one Host header.');
  if (host === undefined && httpVersion !== '1.0') return malformed('The request has no Host header.');
  if (host !== undefined && !authorityForm.test(host)) return malformed('The Host header is not a host.');
  if (url === '*' && method === 'OPTIONS') return { target: url, authority: host };
  if (url.startsWith('/') && !url.includes('#')) return { target: url, authority: host };
  const [, scheme, authority = '', rest = ''] = absoluteForm.exec(url) ?? [];
  if (scheme === undefined || !authorityForm.test(authority)) {
    return malformed('The request target is neither a path nor a URL.');
  }
  if (scheme.toLowerCase() !== 'http') return misdirected(scheme);
  if (rest === '' && method === 'OPTIONS') return { target: '*', authority };
  return { target: rest.startsWith('/') ? rest : `/${rest}`, authority };
}

/** Whether only this machine answers to it: RFC 6761, 6.3 for names. The port may be any: editors and containers forward ports. */
export function isLoopback(authority: string): boolean {
  const host = authority.replace(/:\d*$/, '').toLowerCase();
  if (host === '[::1]') return true;
  if (isIPv4(host)) return host.startsWith('127.');
  return /^(?:[\w.-]+\.)?localhost$/.test(host);
}

/** What a loopback name has before `.localhost`. Undefined for `localhost` itself and for addresses. */
export function subNameOf(authority: string): string | undefined {
  return /^(.+)\.localhost(?::\d*)?$/i.exec(authority)?.[1];
}

function malformed(detail: string): ErrorAnswer {
  return { statusCode: 400, code: 'malformed-request', title: 'Malformed request', detail };
}

function misdirected(scheme: string): ErrorAnswer {
  return {
    statusCode: 421,
    code: 'foreign-scheme',
    title: 'Not served here',
    detail: `The request asks for a URL of "${scheme}", and this host serves http only.`,
  };
}
