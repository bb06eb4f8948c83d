import { isAbsolute, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FunctionFailure } from './failure.ts';
import type { ThrownError } from './messages.ts';

const longestMessageChars = 1_000;
const briefChars = 150;
const shownFrames = 8;
/** Shown when none of the frames are in the project. */
const shownForeignFrames = 3;

interface Frame {
  /** The function, or empty. */
  readonly caller: string;
  readonly path: string;
  /** `:line:column` */
  readonly position: string;
}

/** What happened, in one line without an end. */
export function headlineOf(failure: FunctionFailure): string {
  const { functionName } = failure;
  switch (failure.kind) {
    case 'load':
      return `${functionName} did not load${failure.error.name === 'Sandbox.Timedout' ? ' in time' : ''}`;
    case 'crash':
      return `${functionName} ended between two invocations`;
    case 'invocation':
      return `${functionName} failed on ${failure.origin} (request ${failure.requestId})`;
  }
}

/** The error, where it was thrown, and its causes: lines to print below the headline. `root` is the folder of the project. */
export function errorLines(error: ThrownError, root: string): string[] {
  const lines = [headOf(error), ...framesOf(error, root).map((frame) => `    at ${frame}`)];
  if (error.cause === undefined) return lines;
  const [head, ...rest] = errorLines(error.cause, root);
  return [...lines, `Caused by ${head}`, ...rest];
}

/** The error without its stack, in one line. */
export function briefly({ name, message }: ThrownError): string {
  const [line = ''] = message.split('\n');
  return `${name}: ${line.slice(0, briefChars)}`;
}

/** Equal for errors that a person would call the same: numbers and ids in messages may differ. */
export function signatureOf(error: ThrownError): string {
  const { name, message, cause } = error;
  const text = message
    .slice(0, longestMessageChars)
    .replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d+/gi, '#');
  return [name, text, ...framesOf(error, ''), ...(cause ? [signatureOf(cause)] : [])].join('\n');
}

function headOf({ name, message }: ThrownError): string {
  // Node adds the list of requiring files to the message of a module that is not found: the frames say the same.
  const text = message.split('\nRequire stack:')[0] ?? '';
  const shown = text.length > longestMessageChars ? `${text.slice(0, longestMessageChars)} ...` : text;
  return `${name}: ${shown}`;
}

/** The frames that help: those in the project, and above them the call of a package that threw. */
function framesOf({ stack }: ThrownError, root: string): string[] {
  const frames = [...placeOfSyntaxError(stack), ...stack.split('\n').flatMap((line) => frameOf(line) ?? [])];
  const outside = frames.filter(
    ({ path }) => isAbsolute(path) && !path.startsWith(import.meta.dirname + sep),
  );
  const inProject = outside.filter(({ path }) => !isForeign(path));
  // What a map does not lead to a source is a package in the bundle.
  const inSources = inProject.filter(({ path }) => path.endsWith('.ts'));
  const own = inSources.length > 0 ? inSources : inProject;
  const [top] = outside;
  if (own.length === 0) return outside.slice(0, shownForeignFrames).map((frame) => frameText(frame, root));
  const thrower = top !== undefined && isForeign(top.path) ? [top] : [];
  return [...thrower, ...own.slice(0, shownFrames)].map((frame) => frameText(frame, root));
}

/** The stack of a syntax error begins with a place, and not with the error. The line itself may be a whole bundle. */
function placeOfSyntaxError(stack: string): Frame[] {
  const [, path, line] = /^(\/[^\n]*|[A-Z]:\\[^\n]*):(\d+)\n/.exec(stack) ?? [];
  return path === undefined ? [] : [{ caller: '', path, position: `:${line}` }];
}

function frameOf(line: string): Frame | undefined {
  const [, caller = '', location, position] =
    /^\s+at (?:async )?(?:(.+) \()?(.+?)(:\d+(?::\d+)?)\)?$/.exec(line) ?? [];
  if (location === undefined || position === undefined) return undefined;
  const path = location.startsWith('file:') ? fileURLToPath(location) : location;
  return { caller: caller === 'Object.<anonymous>' ? '' : caller, path, position };
}

function isForeign(path: string): boolean {
  return path.split(sep).includes('node_modules');
}

function frameText({ caller, path, position }: Frame, root: string): string {
  const shown = path.startsWith(root + sep) ? relative(root, path) : path;
  return caller === '' ? `${shown}${position}` : `${caller} (${shown}${position})`;
}
