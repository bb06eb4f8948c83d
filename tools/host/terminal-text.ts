/**
 * Characters that move the cursor, change colours or reorder text: control characters except tab and line feed, line
 * separators, and marks for the direction of text.
 */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for.
const unsafe = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** A text as a terminal can show it: each character that could damage the display is written as its code, such as \u001b. */
export function terminalText(text: string): string {
  return text.replace(unsafe, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

const codes = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39] } as const;

/** Marks a text with colours or weight. */
export type Paint = (style: keyof typeof codes, text: string) => string;

/** Without colours. */
export const plain: Paint = (_, text) => text;

/** With ANSI codes. */
export const painted: Paint = (style, text) => `\u001b[${codes[style][0]}m${text}\u001b[${codes[style][1]}m`;

/** Colours are for terminals whose user did not refuse them (https://no-color.org). */
export function paintFor(
  stream: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string | undefined>>,
): Paint {
  return stream.isTTY === true && !env['NO_COLOR'] && env['TERM'] !== 'dumb' ? painted : plain;
}
