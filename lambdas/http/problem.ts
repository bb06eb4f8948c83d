import type { Rejection } from '../kernel/index.ts';
import type { Answer } from './messages.ts';
import { type ProblemCode, problemType, problemTypes } from './problem-types.ts';

/** One fault of the input: where (JSON pointer into the body, or name of a parameter or header) and what. */
export interface ProblemItem {
  readonly pointer?: string;
  readonly parameter?: string;
  readonly header?: string;
  readonly detail: string;
}

interface ProblemOptions {
  readonly errors?: readonly ProblemItem[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly cause?: unknown;
}

/** An error that the client gets as RFC 9457 problem+json. Any code that a route calls may throw it. */
export class HttpProblem extends Error {
  override readonly name = 'HttpProblem';
  /** Stable: the last part of the problem's `type`. */
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly errors: readonly ProblemItem[];
  readonly headers: Readonly<Record<string, string>>;

  /** `detail`: what is wrong and what helps, for the client. No internals or personal data. */
  constructor(code: string, status: number, title: string, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.code = code;
    this.status = status;
    this.title = title;
    this.errors = options.errors ?? [];
    this.headers = options.headers ?? {};
  }
}

/** A problem of the HTTP layer. `problemTypes` defines its status and title. */
export function problem(code: ProblemCode, detail: string, options?: ProblemOptions): HttpProblem {
  const { status, title } = problemTypes[code];
  return new HttpProblem(code, status, title, detail, options);
}

const rejectionStatus = {
  invalid: 400,
  'not-found': 404,
  refused: 409,
} as const satisfies Record<Rejection['kind'], number>;

/** The problem for a decider's rejection. Its code determines the type, its kind the status. */
export function rejectionProblem(rejection: Rejection): HttpProblem {
  const { code, kind, detail } = rejection;
  return new HttpProblem(code, rejectionStatus[kind], titleOf(code), detail);
}

/** `ledger/insufficient-funds` becomes `Insufficient funds`. */
function titleOf(code: string): string {
  const words = code.slice(code.lastIndexOf('/') + 1).replaceAll('-', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The problem as an answer. `instance` has the correlation id, by which the request is found in the log. */
export function problemAnswer(problem: HttpProblem, correlationId: string): Answer {
  return {
    status: problem.status,
    headers: { ...problem.headers, 'content-type': 'application/problem+json' },
    body: {
      type: problemType(problem.code),
      title: problem.title,
      status: problem.status,
      detail: problem.message,
      instance: `urn:streamfold:request:${correlationId}`,
      ...(problem.errors.length > 0 && { errors: problem.errors }),
    },
  };
}
