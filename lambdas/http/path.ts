import { segmentsOf } from '../../schema/route-matcher.ts';
import { problem } from './problem.ts';

/** A request's path, split once. The scope check and the router both read it, so no spelling means two things to them. */
export interface RequestPath {
  /** As written, with their escapes. */
  readonly segments: readonly string[];
  readonly decoded: readonly string[];
}

/**
 * Splits a path into segments; slashes at its end do not count. Throws `invalid-path` for escapes that are not UTF-8 and for
 * the segments "." and "..", escaped or not: policies that look at a path in front of this function do not resolve them.
 */
export function parsePath(path: string): RequestPath {
  const segments = segmentsOf(path);
  while (segments.length > 1 && segments.at(-1) === '') segments.pop();
  const decoded = segments.map(decodeSegment);
  if (decoded.some((segment) => segment === '.' || segment === '..')) {
    throw problem('invalid-path', 'The path has a segment "." or "..". Write the path without it.');
  }
  return { segments, decoded };
}

/** Throws `invalid-path`. */
export function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch (cause) {
    const detail = 'The path has a "%" that does not begin a valid UTF-8 escape. Write it as "%25".';
    throw problem('invalid-path', detail, { cause });
  }
}
