import { terminalText } from './terminal-text.ts';

/** The part of a terminal that the line needs. */
export interface Terminal {
  readonly columns?: number;
  write(text: string): unknown;
}

/** Returns to the start of the line and removes what is in it. */
const erase = '\r\u001b[K';

/** A line at the end of the output that is replaced when its text changes. */
export interface StatusLine {
  /** Replaces the text; undefined removes the line. */
  show(text: string | undefined): void;
  /** Writes other lines above it. */
  above(write: () => void): void;
}

/** The status line of a terminal. While it has no text, nothing is written. */
export function statusLine(terminal: Terminal): StatusLine {
  let current: string | undefined;
  const draw = () => {
    // A line that wraps could not be removed. Not every terminal says its width.
    const width = (terminal.columns ?? 80) - 1;
    if (current !== undefined) terminal.write(terminalText(current).replaceAll('\n', ' ').slice(0, width));
  };
  const remove = () => {
    if (current !== undefined) terminal.write(erase);
  };
  return {
    show: (text) => {
      remove();
      current = text;
      draw();
    },
    above: (write) => {
      remove();
      write();
      draw();
    },
  };
}
