import { requireJsonType, requireRawType, requireWholeBody } from './content-type.ts';
import { type Json, parseJson, type Quotable } from './json.ts';
import type { RequestBody, RequestHeaders } from './messages.ts';
import { problem } from './problem.ts';
import type { RawBody } from './route-spec.ts';

interface BodyOptions extends Quotable {
  /** Maximum size of the decoded body. */
  readonly maxBytes: number;
  readonly required: boolean;
}

/** The parsed JSON body. Undefined if the body is absent and not required. Throws `HttpProblem`. */
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
  return parseJson(text, options);
}

/**
 * The bytes of a body, at least one. A text body is encoded as UTF-8. The content type must be one of those that the route
 * accepts, or say nothing about the content: absent or `application/octet-stream`. Throws `HttpProblem`.
 */
export function readRawBody(
  headers: RequestHeaders,
  { text, isBase64Encoded }: RequestBody,
  { contentTypes, maxBytes }: Pick<RawBody, 'contentTypes' | 'maxBytes'>,
): Uint8Array {
  requireWholeBody(headers);
  requireRawType(headers, contentTypes);
  if (text === undefined || text === '') {
    throw problem('empty-body', 'This route needs a body, and the request has none.');
  }
  return isBase64Encoded ? decodeBase64(text, maxBytes) : Buffer.from(requireText(text, maxBytes));
}

function requireText(text: string, maxBytes: number): string {
  // Each UTF-16 unit is one byte or more. The first check is cheap and finds most large bodies.
  if (text.length > maxBytes || Buffer.byteLength(text) > maxBytes) throw tooLarge(maxBytes);
  if (!text.isWellFormed()) throw notUtf8();
  return text;
}

function decodeBase64(base64: string, maxBytes: number): Buffer {
  if (Math.floor((base64.length * 3) / 4) - 2 > maxBytes) throw tooLarge(maxBytes);
  const bytes = Buffer.from(base64, 'base64');
  // Buffer.from skips characters that are not base64. If it skipped none, the bytes encode to the same text.
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
  return problem('body-too-large', `The body is larger than the maximum of this route, ${maxBytes} bytes.`);
}

function notUtf8(cause?: unknown) {
  return problem('invalid-utf-8', 'The body is not valid UTF-8. Encode text as UTF-8.', { cause });
}
