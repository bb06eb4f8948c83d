import { readFileSync, writeFileSync } from 'node:fs';
import { UserError } from '../../tools/host/user-error.ts';

const [begin, end] = ['<!-- bench: begin -->', '<!-- bench: end -->'];

/** The text with what is between the markers replaced. Throws {@link UserError} if a marker is missing. */
export function withReport(text: string, report: string): string {
  const [before, rest] = cut(text, begin);
  const [, after] = cut(rest, end);
  return `${before}${begin}\n\n${report}\n\n${end}${after}`;
}

/** Replaces what is between the markers of a file. Throws {@link UserError} if a marker is missing; the file is then unchanged. */
export function replaceReport(file: string, report: string): void {
  writeFileSync(file, withReport(readFileSync(file, 'utf8'), report));
}

function cut(text: string, marker: string): [before: string, after: string] {
  const at = text.indexOf(marker);
  if (at === -1) throw new UserError(`docs/performance.md has no line "${marker}".`);
  return [text.slice(0, at), text.slice(at + marker.length)];
}
