import type { Answer, Principal, RequestContext } from './messages.ts';
import { canExist } from './system-ids.ts';

/**
 * What a route shows of persons and accounts. `nothing`: neither. Otherwise each request is written to the audit of reads, with the
 * streams whose data the caller asked for or got.
 */
export type Reads = 'nothing' | StreamsRead;

/** Where a request names streams. Each part is optional; a request can name streams in several parts. */
export interface StreamsRead {
  /** The streams that the path names. The parameters are valid for the route's schema. They count for refused requests too. */
  readonly path?: (params: Readonly<Record<string, string>>) => readonly string[];
  /** The streams that the rest of a valid request names. */
  readonly request?: (request: { readonly query: unknown; readonly body: unknown }) => readonly string[];
  /** The streams in the body of the answer. */
  readonly answer?: (body: unknown) => readonly string[];
}

/** One line of the audit of reads. It says who read what, and has no content. docs/personal-data.md defines its fields. */
export interface ReadLine {
  readonly level: 'INFO';
  readonly message: 'read';
  /** The mark by which queries find these lines. */
  readonly audit: 'read';
  /** When the function received the request: ISO 8601, UTC, ms. */
  readonly timestamp: string;
  readonly operationId: string;
  readonly tenant: string;
  readonly issuer: string;
  readonly subject: string;
  /**
   * The streams, each between commas: `,ledger/7f3c,ledger/80aa,`. It is a text because CloudWatch finds a part of a text, but
   * at most 200 fields of a line, and each item of a list is a field. At most 100 streams, as a page has, and two of a request.
   */
  readonly streams: string;
  readonly streamCount: number;
  readonly status: number;
  /** The code of the problem that it was answered with. */
  readonly problem?: string;
  readonly correlation_id: string;
  /** Absent outside of Lambda. */
  readonly function_request_id?: string;
}

/** Writes a line of the audit. Throws if it cannot: the request is then answered with 500 and shows nothing. */
export type RecordRead = (line: ReadLine) => void;

/** The facts of an answered request that the route does not know. */
export interface AnsweredRequest {
  readonly status: number;
  readonly problemCode?: string;
  readonly functionRequestId?: string | undefined;
}

/** What a request reads, collected while it is handled. A stream that cannot exist is left out: its id may be a name. */
export class Reading {
  readonly #operationId: string;
  readonly #reads: Reads;
  readonly #context: RequestContext;
  readonly #streams = new Set<string>();
  #principal: Principal | undefined;
  #hasCommitted = false;

  /** A route that does not say what it reads is audited, without streams. */
  constructor(route: { readonly operationId: string; readonly reads?: Reads }, context: RequestContext) {
    this.#operationId = route.operationId;
    this.#reads = route.reads ?? {};
    this.#context = context;
  }

  /** Notes who is asking. Before this, nobody is known and there is no line. */
  identified(principal: Principal): void {
    this.#principal = principal;
  }

  /** Notes valid parameters of the path. */
  path(params: Readonly<Record<string, string>>): void {
    this.#add(this.#reads !== 'nothing' && this.#reads.path?.(params));
  }

  /** Notes a valid request. */
  request(request: { readonly query: unknown; readonly body: unknown }): void {
    this.#add(this.#reads !== 'nothing' && this.#reads.request?.(request));
  }

  /** Notes the answer. */
  answer({ body, commits = false }: Answer): void {
    this.#hasCommitted = commits;
    this.#add(this.#reads !== 'nothing' && body !== undefined && this.#reads.answer?.(body));
  }

  /** The line of the answered request. Undefined: it showed nothing, or its commit names the caller. */
  line({ status, problemCode, functionRequestId }: AnsweredRequest): ReadLine | undefined {
    if (this.#reads === 'nothing' || this.#hasCommitted || showsNothing(status, problemCode))
      return undefined;
    if (this.#principal === undefined) return undefined;
    const { tenant, issuer, subject } = this.#principal;
    const streams = [...this.#streams];
    return {
      level: 'INFO',
      message: 'read',
      audit: 'read',
      timestamp: this.#context.now,
      operationId: this.#operationId,
      tenant,
      issuer,
      subject,
      streams: streams.length === 0 ? '' : `,${streams.join(',')},`,
      streamCount: streams.length,
      status,
      ...(problemCode !== undefined && { problem: problemCode }),
      correlation_id: this.#context.correlationId,
      ...(functionRequestId !== undefined && { function_request_id: functionRequestId }),
    };
  }

  #add(streams: readonly string[] | false | undefined): void {
    for (const stream of streams || []) if (canExist(stream)) this.#streams.add(stream);
  }
}

/**
 * Malformed requests and failures: the answer does not depend on what is stored. The refusal of a context may, also with 400: "An
 * amount in JPY has no decimals" is about the account. Its code begins with the context.
 */
function showsNothing(status: number, problemCode = ''): boolean {
  return (status === 400 && !problemCode.includes('/')) || status === 413 || status === 415 || status >= 500;
}
