/** A table in Markdown. Its first column is text, the others are numbers. */
export function markdown(header: readonly string[], lines: readonly (readonly string[])[]): string {
  const rule = header.map((_, column) => (column === 0 ? '---' : '---:'));
  return [header, rule, ...lines].map((line) => `| ${line.join(' | ')} |`).join('\n');
}

/** Milliseconds with three digits. */
export function short(ms: number): string {
  return whole(ms, ms < 10 ? 2 : ms < 100 ? 1 : 0);
}

/** A number with commas, and with this many digits of its fraction at most. */
export function whole(value: number, maximumFractionDigits = 0): string {
  return value.toLocaleString('en', { maximumFractionDigits });
}
