import { UserError } from './user-error.ts';

/** Which log lines of the functions are shown, and how. Lines that are not chosen are shown when they warn. */
export type LogSelection =
  | 'warnings'
  | 'all'
  /** All, as the functions write them. */
  | 'json'
  /** All of the functions with these names, such as `api`. */
  | readonly string[];

/** Reads the value of `--logs`. @throws {UserError} when it is empty, or has names besides `all` or `json`. */
export function parseLogs(text: string | undefined): LogSelection {
  if (text === undefined) return 'warnings';
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  if (names.length === 0)
    throw new UserError('--logs= needs names of functions, such as: --logs=api,publisher');
  const whole = names.find((name) => name === 'all' || name === 'json');
  if (whole === undefined) return names;
  if (names.length === 1) return whole;
  throw new UserError(
    `--logs ${whole} shows all functions, so it cannot be combined with names of functions.`,
  );
}

/** @throws {UserError} for a selected name that no function has. */
export function checkLogs(selection: LogSelection, functionNames: readonly string[]): void {
  if (typeof selection === 'string') return;
  const unknown = selection.find((name) => !functionNames.includes(name));
  if (unknown === undefined) return;
  throw new UserError(
    `--logs: there is no function "${unknown}". The functions are ${functionNames.join(', ')}.`,
  );
}
