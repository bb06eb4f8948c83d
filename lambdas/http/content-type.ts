import type { RequestHeaders } from './messages.ts';
import { problem } from './problem.ts';
import type { RawBody } from './route-spec.ts';

const jsonType = /^application\/(?:[\w.!#$&^-]+\+)?json$/i;
const utf8Charset = /^charset="?utf-?8"?$/i;
/** ASCII text is also UTF-8. */
const asciiCharset = /^charset="?us-ascii"?$/i;
/** Types that say nothing about the content. */
const unknownTypes = ['', 'application/octet-stream', 'binary/octet-stream'];

/** Throws `unsupported-media-type` unless the headers declare a body of UTF-8 JSON. */
export function requireJsonType(headers: RequestHeaders): void {
  const { type, charsets } = contentTypeOf(headers);
  const isUtf8 = charsets.every((charset) => utf8Charset.test(charset));
  if (jsonType.test(type) && isUtf8 && !isCompressed(headers)) return;
  const sent = type === '' ? 'The request has no content type' : 'The request has another content type';
  throw problem(
    'unsupported-media-type',
    `${sent}. Send UTF-8 JSON with "Content-Type: application/json", not compressed.`,
  );
}

/** Throws `invalid-header` for a part of a document, which would be stored as the whole (RFC 9110, 14.5). */
export function requireWholeBody(headers: RequestHeaders): void {
  if (headers['content-range'] === undefined) return;
  throw problem('invalid-header', 'This route accepts only whole documents. Send it without Content-Range.', {
    errors: [{ header: 'Content-Range', detail: 'Not supported.' }],
  });
}

/**
 * Throws `unsupported-media-type` if the headers declare a type that is not accepted, text that is not UTF-8, or a compressed
 * body. A type that says nothing about the content is accepted.
 */
export function requireRawType(headers: RequestHeaders, contentTypes: RawBody['contentTypes']): void {
  const { type, charsets } = contentTypeOf(headers);
  if (isCompressed(headers)) {
    throw problem('unsupported-media-type', 'The body is compressed. Send it without Content-Encoding.');
  }
  if (![...unknownTypes, ...contentTypes].includes(type.toLowerCase())) {
    throw problem(
      'unsupported-media-type',
      `The content type is none that this route accepts. Send the document itself, as ${contentTypes.join(', ')}, or as application/octet-stream.`,
    );
  }
  const isUtf8 = charsets.every((charset) => utf8Charset.test(charset) || asciiCharset.test(charset));
  if (/^text\//i.test(type) && !isUtf8) {
    throw problem(
      'unsupported-media-type',
      'The content type names another charset. Send text as UTF-8, or text in another encoding as application/octet-stream.',
    );
  }
}

function contentTypeOf(headers: RequestHeaders): {
  readonly type: string;
  readonly charsets: readonly string[];
} {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim());
  return { type, charsets: parameters.filter((parameter) => /^charset=/i.test(parameter)) };
}

function isCompressed(headers: RequestHeaders): boolean {
  return (headers['content-encoding'] ?? 'identity').toLowerCase() !== 'identity';
}
