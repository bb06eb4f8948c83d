import type { BuildFailure, Message } from 'esbuild';
import { messageOf } from '../user-error.ts';

const shownErrors = 5;
const shownChars = 120;

/** Why a build failed: each error with its file, line and column, and under it the line of the source. */
export function buildFailureText(failure: unknown): string {
  const { errors } = failure as Partial<BuildFailure>;
  if (!Array.isArray(errors) || errors.length === 0) return `  ${messageOf(failure)}`;
  const more = errors.length - shownErrors;
  return [
    ...errors.slice(0, shownErrors).map(errorText),
    ...(more > 0 ? [`  and ${more} more errors`] : []),
  ].join('\n');
}

function errorText({ text, location }: Message): string {
  if (location === null) return `  ${text}`;
  const { file, line, column, lineText } = location;
  // A line of generated code can be long.
  const start = Math.max(0, column - shownChars / 2);
  const source = lineText.slice(start, start + shownChars);
  const indent = source.slice(0, column - start).replaceAll(/[^\t]/g, ' ');
  return `  ${file}:${line}:${column + 1}: ${text}\n      ${source}\n      ${indent}^`;
}
