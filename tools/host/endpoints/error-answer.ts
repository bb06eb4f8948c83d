import { STATUS_CODES } from 'node:http';

/** An error of the endpoint itself, before a request reaches a function or an engine. */
export interface ErrorAnswer {
  readonly statusCode: number;
  /** Never changes: the last part of a problem's `type`. */
  readonly code: string;
  readonly title: string;
  /** A sentence that says what happened and what to do. */
  readonly detail: string;
}

/** The headers and body of an {@link ErrorAnswer}. */
export interface ShapedError {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How an endpoint writes its errors. */
export type ErrorShape = (error: ErrorAnswer) => ShapedError;

/** Problem details (RFC 9457), as the HTTP API answers. */
export const problemShape: ErrorShape = ({ statusCode, code, title, detail }) => ({
  headers: { 'content-type': 'application/problem+json' },
  body: JSON.stringify({ type: `urn:streamfold:problem:host/${code}`, title, status: statusCode, detail }),
});

/** An error of AWS's JSON protocols. */
export const awsShape: ErrorShape = ({ statusCode, detail }) => {
  const type = awsTypes[statusCode] ?? 'ValidationException';
  return {
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': type },
    body: JSON.stringify({ __type: type, message: detail }),
  };
};

const awsTypes: Readonly<Record<number, string>> = {
  403: 'AccessDeniedException',
  405: 'MethodNotAllowedException',
  408: 'RequestTimeoutException',
  421: 'AccessDeniedException',
  500: 'InternalFailure',
  501: 'NotImplementedException',
  503: 'ServiceUnavailable',
};

/** What Node's parser refuses, by the code of its error. */
export function parserError(code: string | undefined): ErrorAnswer {
  if (code === 'HPE_HEADER_OVERFLOW') {
    return { statusCode: 431, code: 'headers-too-large', title: 'Headers too large', detail: headersDetail };
  }
  if (code === 'HPE_CHUNK_EXTENSIONS_OVERFLOW') {
    const detail = 'The chunk extensions of the body are larger than 16 KiB.';
    return { statusCode: 413, code: 'chunks-too-large', title: 'Chunk extensions too large', detail };
  }
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') {
    const detail = 'The request did not arrive in time: send it again.';
    return { statusCode: 408, code: 'request-timeout', title: 'Request timeout', detail };
  }
  const detail = `The request is not HTTP/1.1${code === undefined ? '' : ` (${code})`}.`;
  return { statusCode: 400, code: 'malformed-request', title: 'Malformed request', detail };
}

const headersDetail = 'The request line and headers are larger than 16 KiB: send fewer or shorter ones.';

/** A whole response, for a connection on which no response object exists. The connection closes after it. */
export function rawResponse(error: ErrorAnswer, shape: ErrorShape): string {
  const { headers, body } = shape(error);
  const lines = [
    `HTTP/1.1 ${error.statusCode} ${STATUS_CODES[error.statusCode] ?? ''}`,
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    `content-length: ${Buffer.byteLength(body)}`,
    'connection: close',
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}
