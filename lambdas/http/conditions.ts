import { firstGeneration } from '../kernel/index.ts';
import type { RequestHeaders } from './messages.ts';
import { problem } from './problem.ts';

/**
 * What a precondition names: any version, which means that the stream exists, or these versions. An empty list matches no
 * version.
 */
export type VersionCondition =
  | { readonly kind: 'any' }
  | { readonly kind: 'versions'; readonly versions: readonly number[] };

interface EntityTag {
  readonly weak: boolean;
  readonly opaque: string;
}

const headerCharsMax = 1_024;
const entityTagPattern = /(W\/)?"([\x21\x23-\x7e\x80-\xff]*)"/y;
const listGapPattern = /[ \t]*(?:,[ \t]*)*/y;
/** A version, and after a rebuild of the read model the generation of the row. */
const versionPattern = /^(0|[1-9]\d{0,14})(?:-g[1-9]\d{0,8})?$/;
const printableKey = /^[\x20-\x7e]{1,255}$/;
/** An `sf-string` of RFC 8941: quoted, with `\"` and `\\` escaped. */
const quotedString = /^"((?:[\x20-\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;

/**
 * The strong entity tag of a stream, or of a row that reflects it, at this version: `"3"`. A row of a later generation than the first may
 * differ from the row of the same version in another one, so its tag names the generation: `"3-g2"`. As a precondition, each
 * of them names the version.
 */
export function etag(version: number, generation?: string): string {
  const isFirst = generation === undefined || generation === firstGeneration;
  return isFirst ? `"${version}"` : `"${version}-${generation}"`;
}

/**
 * Reads `If-Match` (RFC 9110, 13.1.1). The comparison is strong: a weak tag, or a tag that is not a version, never matches.
 * Undefined if the header is absent. Throws `invalid-header` if it is malformed.
 */
export function parseIfMatch(headers: RequestHeaders): VersionCondition | undefined {
  const header = headers['if-match'];
  if (header === undefined) return undefined;
  if (header.trim() === '*') return { kind: 'any' };
  const strong = requireTags('If-Match', header).filter(({ weak }) => !weak);
  return { kind: 'versions', versions: versionsOf(strong) };
}

/**
 * Reads `If-None-Match` (RFC 9110, 13.1.2) for a command. The comparison is weak: `W/"3"` is version 3. A tag that is not a
 * version never matches. Undefined if the header is absent. Throws `invalid-header` if it is malformed.
 */
export function parseIfNoneMatch(headers: RequestHeaders): VersionCondition | undefined {
  const header = headers['if-none-match'];
  if (header === undefined) return undefined;
  if (header.trim() === '*') return { kind: 'any' };
  return { kind: 'versions', versions: versionsOf(requireTags('If-None-Match', header)) };
}

/**
 * The preconditions of a command, as a test of the stream's version: `If-Match` must match and `If-None-Match` must not. A
 * stream that does not exist has version 0, which no `If-None-Match` matches. Undefined if the request has no precondition.
 * Throws `invalid-header`.
 */
export function versionTest(headers: RequestHeaders): ((version: number) => boolean) | undefined {
  const ifMatch = parseIfMatch(headers);
  const ifNoneMatch = parseIfNoneMatch(headers);
  if (ifMatch === undefined && ifNoneMatch === undefined) return undefined;
  return (version) =>
    (ifMatch === undefined || matches(ifMatch, version)) &&
    (ifNoneMatch === undefined || version === 0 || !matches(ifNoneMatch, version));
}

/**
 * Checks `If-Match` for the answer of a GET. `tag`: the answer's `ETag`. An answer without one matches only `*`.
 * Throws `version-mismatch`.
 */
export function requireMatch(ifMatch: VersionCondition | undefined, tag: string | undefined): void {
  if (ifMatch === undefined || ifMatch.kind === 'any') return;
  const versions = versionsOf(entityTags(tag ?? '') ?? []);
  if (versions.some((version) => ifMatch.versions.includes(version))) return;
  const actual = tag === undefined ? 'This answer has no ETag' : `The ETag is ${tag}`;
  throw problem('version-mismatch', `If-Match does not name the version of the answer. ${actual}.`);
}

/**
 * Reads `If-None-Match` (RFC 9110, 13.1.2) for a GET. True if the client already has the answer with this `ETag`: it is then 304.
 * The comparison is weak. A malformed header is ignored, because the full answer is always correct.
 */
export function isNotModified(headers: RequestHeaders, tag: string): boolean {
  const header = headers['if-none-match'];
  if (header === undefined) return false;
  if (header.trim() === '*') return true;
  return entityTags(header)?.some(({ opaque }) => `"${opaque}"` === tag) ?? false;
}

/**
 * Reads `Idempotency-Key`: 1 to 255 printable ASCII characters, plain or, as in the IETF draft, as a quoted string.
 * `abc` and `"abc"` are the same key. Undefined if the header is absent. Throws `invalid-header` if it is malformed.
 */
export function parseIdempotencyKey(headers: RequestHeaders): string | undefined {
  const header = headers['idempotency-key'];
  if (header === undefined) return undefined;
  const key = header.startsWith('"') ? quotedString.exec(header)?.[1]?.replace(/\\(.)/g, '$1') : header;
  if (key !== undefined && printableKey.test(key)) return key;
  const detail = 'Idempotency-Key must be 1 to 255 printable ASCII characters, for example a UUID.';
  throw problem('invalid-header', detail, { errors: [{ header: 'Idempotency-Key', detail: 'Malformed.' }] });
}

/** True if `Cache-Control: no-cache` asks for an answer that includes the caller's own writes. */
export function wantsFresh(headers: RequestHeaders): boolean {
  const directives = headers['cache-control']?.toLowerCase().split(',') ?? [];
  return directives.some((directive) => directive.trim() === 'no-cache');
}

function matches(condition: VersionCondition, version: number): boolean {
  return condition.kind === 'any' ? version > 0 : condition.versions.includes(version);
}

function versionsOf(tags: readonly EntityTag[]): readonly number[] {
  return tags.flatMap(({ opaque }) => {
    const version = versionPattern.exec(opaque)?.[1];
    return version === undefined ? [] : [Number(version)];
  });
}

function requireTags(name: 'If-Match' | 'If-None-Match', header: string): readonly EntityTag[] {
  const tags = entityTags(header);
  if (tags !== undefined) return tags;
  const detail = `${name} must be * or a list of quoted entity tags as in ETag, for example: ${name}: "3".`;
  throw problem('invalid-header', detail, { errors: [{ header: name, detail: 'Malformed.' }] });
}

/** The tags of a list (RFC 9110), which may have empty elements. Undefined if the list is malformed or has no tag. */
function entityTags(header: string): readonly EntityTag[] | undefined {
  if (header.length > headerCharsMax) return undefined;
  const tags: EntityTag[] = [];
  let at = skipGap(header, 0).next;
  while (at < header.length) {
    entityTagPattern.lastIndex = at;
    const match = entityTagPattern.exec(header);
    if (match === null) return undefined;
    tags.push({ weak: match[1] !== undefined, opaque: match[2] ?? '' });
    const gap = skipGap(header, entityTagPattern.lastIndex);
    if (!gap.hasComma && gap.next < header.length) return undefined;
    at = gap.next;
  }
  return tags.length > 0 ? tags : undefined;
}

function skipGap(header: string, at: number): { next: number; hasComma: boolean } {
  listGapPattern.lastIndex = at;
  const [gap = ''] = listGapPattern.exec(header) ?? [];
  return { next: at + gap.length, hasComma: gap.includes(',') };
}
