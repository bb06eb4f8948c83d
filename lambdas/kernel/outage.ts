/**
 * Names and codes of faults that pass: throttling, timeouts, a service or connection that is down, a conflict with
 * another transaction. They are from the AWS services and SDK, and from Node's network functions.
 */
const busyCodes = new Set([
  'InternalError',
  'InternalFailure',
  'InternalServerError',
  'KMSThrottlingException',
  'KmsThrottled',
  'ProvisionedThroughputExceeded',
  'ProvisionedThroughputExceededException',
  'RequestLimitExceeded',
  'RequestThrottled',
  'RequestThrottledException',
  'RequestTimeout',
  'RequestTimeoutException',
  'ServiceUnavailable',
  'ServiceUnavailableException',
  'SlowDown',
  'ThrottledException',
  'Throttling',
  'ThrottlingError',
  'ThrottlingException',
  'TimeoutError',
  'TooManyRequestsException',
  'TransactionConflict',
  'TransactionConflictException',
  'TransactionInProgressException',
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EAI_MEMORY',
  'ECONNABORTED',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'EMFILE',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENFILE',
  'ENOBUFS',
  'ENOTFOUND',
  'EPIPE',
  'EPROTO',
  'ERR_SOCKET_CONNECTION_TIMEOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ETIMEDOUT',
]);

/** Codes of Node's HTTP parser: the answer is not HTTP, or is damaged. */
const brokenHttp = /^HPE_/;

/** Names of faults of a destination that is missing or forbidden. A person repairs it; then the same call succeeds. */
const unreachableCodes = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'KMSAccessDeniedException',
  'KMSDisabledException',
  'KMSInvalidStateException',
  'KMSNotFoundException',
  'KMSOptInRequired',
  'KmsAccessDenied',
  'KmsDisabled',
  'KmsInvalidKeyUsage',
  'KmsInvalidState',
  'KmsNotFound',
  'KmsOptInRequired',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NoSuchBucket',
  'QueueDeletedRecently',
  'QueueDoesNotExist',
  'ResourceInUseException',
  'ResourceNotFoundException',
  'UnrecognizedClientException',
  'AWS.SimpleQueueService.NonExistentQueue',
]);

/** Maximum depth of the search in `cause`. The search must also end if an error is its own cause. */
const causesMax = 4;

/**
 * True for a fault that passes by itself, so that repeating the call may help: throttling, a timeout, an answer of 408,
 * 429 or 5xx, a connection that fails, an answer that the SDK cannot read. Recognises errors by their name, their code, the
 * HTTP status in `$metadata`, the reasons of a cancelled transaction, and their causes. Accepts anything that was thrown.
 */
export function isBusy(error: unknown): boolean {
  return someCause(
    error,
    (one) => hasCodeOf(one, busyCodes) || isBusyStatus(statusOf(one)) || isUnreadableAnswer(one),
  );
}

/**
 * True for an outage: {@link isBusy}, or a destination that is missing or forbidden. The list is closed. Nothing is wrong
 * with the data, so it must be handled again later and never parked. Any other error is not an outage.
 */
export function isOutage(error: unknown): boolean {
  return (
    isBusy(error) ||
    someCause(error, (one) => hasCodeOf(one, unreachableCodes) || [401, 403].includes(statusOf(one)))
  );
}

type Thrown = Readonly<Record<string, unknown>>;

function someCause(error: unknown, matches: (one: Thrown) => boolean): boolean {
  try {
    let current: unknown = error;
    for (let depth = 0; depth < causesMax && typeof current === 'object' && current !== null; depth += 1) {
      if (matches(current as Thrown)) return true;
      current = (current as Thrown)['cause'];
    }
  } catch {
    // A property of it throws when it is read: it is no error of a service or a connection.
  }
  return false;
}

function hasCodeOf({ name, code, CancellationReasons }: Thrown, codes: ReadonlySet<unknown>): boolean {
  // A cancelled DynamoDB transaction has a reason for each of its items.
  const reasons = Array.isArray(CancellationReasons) ? CancellationReasons : [];
  return [name, code, ...reasons.map((reason: Thrown | null) => reason?.['Code'])].some((word) =>
    codes.has(word),
  );
}

/**
 * The answer is not HTTP, or its content is cut off or from another server, for example the page of a proxy. The SDK sets
 * `$response` on everything that it throws about an answer, and `$fault` only on errors that the service names.
 */
function isUnreadableAnswer({ code, $response, $fault }: Thrown): boolean {
  const isBroken = typeof code === 'string' && brokenHttp.test(code);
  return isBroken || ($response !== undefined && $fault === undefined);
}

/** The HTTP status of an answer of an AWS service; 0 for other errors. */
function statusOf({ $metadata }: Thrown): number {
  const status =
    typeof $metadata === 'object' && $metadata !== null ? ($metadata as Thrown)['httpStatusCode'] : undefined;
  return typeof status === 'number' ? status : 0;
}

function isBusyStatus(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}
