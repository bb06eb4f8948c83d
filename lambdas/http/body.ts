import { type Json, parseJson } from './json.ts';
import type { RequestBody, RequestHeaders } from './messages.ts';
import { problem } from './problem.ts';

interface BodyOptions {
  /** Upper bound on the decoded body. */
  readonly maxBytes: number;
  readonly required: boolean;
  /** Whether the body may hold personal data. If so, no problem quotes it. Called only when there is something to quote. */
  readonly isPersonal?: () => boolean;
}

const jsonType = /^application\/(?:[\w.!#$&^-]+\+)?json$/i;
const utf8Charset = /^charset="?utf-?8"?$/i;

/** The parsed JSON body. Undefined if there is none and none is required. Throws `HttpProblem`. */
export function readJsonBody(
  headers: RequestHeaders,
  body: RequestBody,
  options: BodyOptions,
): Json | undefined {
  if (body.text === undefined || body.text === '') {
    if (!options.required) return undefined;
    throw problem('empty-body', 'This route needs a JSON body, and the request has none.');
  }
  requireJsonType(headers);
  const text = body.isBase64Encoded
    ? decodeText(decodeBase64(body.text, options.maxBytes))
    : requireText(body.text, options.maxBytes);
  return parseJson(text, options.isPersonal);
}

/** The bytes of a body, at least one. Its headers do not matter. A text body becomes UTF-8. Throws `HttpProblem`. */
export function readRawBody({ text, isBase64Encoded }: RequestBody, maxBytes: number): Uint8Array {
  if (text === undefined || text === '') {
    throw problem('empty-body', 'This route needs a body, and the request has none.');
  }
  return isBase64Encoded ? decodeBase64(text, maxBytes) : Buffer.from(requireText(text, maxBytes));
}

function requireJsonType(headers: RequestHeaders): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim());
  const charsets = parameters.filter((parameter) => /^charset=/i.test(parameter));
  const encoding = headers['content-encoding'] ?? 'identity';
  if (
    jsonType.test(type) &&
    charsets.every((charset) => utf8Charset.test(charset)) &&
    encoding === 'identity'
  )
    return;
  const sent = type === '' ? 'The request has no content type' : 'The request has another content type';
  throw problem(
    'unsupported-media-type',
    `${sent}. Send UTF-8 JSON with "Content-Type: application/json", not compressed.`,
  );
}

function requireText(text: string, maxBytes: number): string {
  // Each UTF-16 unit takes one byte or more. The first test is cheap and finds most of the large bodies.
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) throw tooLarge(maxBytes);
  if (!text.isWellFormed()) throw notUtf8();
  return text;
}

function decodeBase64(base64: string, maxBytes: number): Buffer {
  if (Math.floor((base64.length * 3) / 4) - 2 > maxBytes) throw tooLarge(maxBytes);
  const bytes = Buffer.from(base64, 'base64');
  // Buffer.from skips what is not base64. If the bytes encode to the same text, it skipped nothing.
  if (bytes.toString('base64') !== base64) {
    throw problem(
      'invalid-base64',
      'The event says that its body is base64, but it is not. Check its alphabet and padding.',
    );
  }
  if (bytes.byteLength > maxBytes) throw tooLarge(maxBytes);
  return bytes;
}

function decodeText(bytes: Buffer): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw notUtf8(cause);
  }
}

function tooLarge(maxBytes: number) {
  return problem('body-too-large', `The body is larger than the ${maxBytes} bytes this route takes.`);
}

function notUtf8(cause?: unknown) {
  return problem('invalid-utf-8', 'The body is not valid UTF-8. Encode text as UTF-8.', { cause });
}
