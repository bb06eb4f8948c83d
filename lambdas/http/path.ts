import { segmentsOf } from '../../schema/route-matcher.ts';
import { problem } from './problem.ts';

/**
 * Splits a path into segments, with their escapes, and ignores slashes at its end. Throws `invalid-path` for escapes that are not UTF-8, and for
 * the segments "." and "..", escaped or not: policies in front of this function do not resolve them.
 */
export function parsePath(path: string): readonly string[] {
  const segments = segmentsOf(path);
  while (segments.length > 1 && segments.at(-1) === '') segments.pop();
  const decoded = segments.map(decodeSegment);
  if (decoded.some((segment) => segment === '.' || segment === '..')) {
    throw problem('invalid-path', 'The path has a segment "." or "..". Write the path without it.');
  }
  return segments;
}

/** Decodes the escapes of a segment. Throws `invalid-path`. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    const detail = 'The path has a "%" that does not begin a valid UTF-8 escape. Write it as "%25".';
    throw problem('invalid-path', detail, { cause });
  }
}
