/** Why spans were not delivered. `advice`: what to do about it, for the log. Without personal data, and without the header's value. */
export class ExportFailure extends Error {
  override readonly name = 'ExportFailure';
  /** HTTP status, if there was an answer. */
  readonly status: number | undefined;

  constructor(message: string, status?: number) {
    super(message);
    this.status = status;
  }
}

/** The failure that an answer with this status is. */
export function failureOfStatus(status: number): ExportFailure {
  return new ExportFailure(`The receiver answered ${status}. ${adviceFor(status)}`, status);
}

function adviceFor(status: number): string {
  if (status === 400)
    return 'CloudWatch does so if Transaction Search is not enabled in the account and region: enable it (docs/deploy.md).';
  if (status === 401 || status === 403)
    return "Check the secret with the header's value, or that the function's role may write to X-Ray.";
  if (status === 404 || status === 405) return 'Check the URL: it must be the whole one, with /v1/traces.';
  if (status === 413) return 'It does not take requests of this size: raise its limit.';
  if (status === 415) return 'It must take OTLP as JSON.';
  if (status === 429) return 'It limits the rate: lower the ratio of the stage, or raise its limit.';
  return 'Check the receiver.';
}

/** The failure that an error of the connection is. Only its code is shown: messages may have anything. */
export function failureOf(error: unknown): ExportFailure {
  if (error instanceof ExportFailure) return error;
  const code = (error as { code?: unknown } | undefined)?.code;
  const shown = typeof code === 'string' && /^[A-Z_\d]{1,50}$/.test(code) ? ` (${code})` : '';
  return new ExportFailure(`The receiver could not be reached${shown}. Check that it runs, and the URL.`);
}
