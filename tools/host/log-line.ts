import { type Paint, terminalText } from './terminal-text.ts';

/** A line of a function's log that has the structure of Powertools' logger. */
export interface LogRecord {
  readonly level: string;
  readonly message: string;
  /** Epoch ms. Undefined: the line has no valid time. */
  readonly atMs?: number;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A line that a function wrote. Lines with metrics for CloudWatch (`_aws`) are for no person. */
export type LogLine =
  | ({ readonly kind: 'record' } & LogRecord)
  | { readonly kind: 'metrics'; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: 'text'; readonly text: string };

/** The same in each line of a function, which is named at the start. `--logs json` shows them. */
const leftOut = [
  ...['service', 'sampling_rate', 'xray_trace_id'],
  ...['function_arn', 'function_memory_size', 'function_name'],
];
/** Long and rarely read, so they come last. */
const ids = ['correlation_id', 'function_request_id'];

/** Reads one line. What has no structure, or one that is not of a log, is text. */
export function readLogLine(line: string): LogLine {
  const value = line.startsWith('{') ? parse(line) : undefined;
  if (value === undefined) return { kind: 'text', text: line };
  if (value['_aws'] !== undefined) return { kind: 'metrics', fields: value };
  const { level, message, timestamp, ...fields } = value;
  if (typeof level !== 'string' || typeof message !== 'string') return { kind: 'text', text: line };
  for (const name of leftOut) delete fields[name];
  if (fields['cold_start'] === false) delete fields['cold_start'];
  for (const name of ids) {
    const { [name]: id } = fields;
    delete fields[name];
    if (id !== undefined) fields[name] = id;
  }
  const atMs = typeof timestamp === 'string' ? Date.parse(timestamp) : Number.NaN;
  return { kind: 'record', level, message, fields, ...(!Number.isNaN(atMs) && { atMs }) };
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/** False for records of level TRACE, DEBUG and INFO. */
export function isWorthShowing(line: LogLine): boolean {
  return line.kind === 'text' || (line.kind === 'record' && !/^(trace|debug|info)$/i.test(line.level));
}

/** Columns for the names of the functions: the longest has 21 letters, most have fewer. */
const nameWidth = 18;

/**
 * A record as a person reads it: the local time, the function, the level, the message and the fields on one line; under it, the
 * stack traces of its errors, one frame a line.
 */
export function recordText(functionName: string, record: LogRecord, paint: Paint): string {
  const { level, message, atMs, fields } = record;
  const name = terminalText(functionName).padEnd(nameWidth);
  const shown = paint(styleOf(level), terminalText(level.toUpperCase()).padEnd(5));
  const stacks: string[] = [];
  const texts = Object.entries(fields).map(([key, value]) => {
    const rest = isError(value) ? withoutStack(value, stacks) : value;
    return paint('dim', `${terminalText(key)}=`) + valueText(rest);
  });
  const first = [
    paint('dim', clock(atMs)),
    name,
    shown,
    terminalText(message).replaceAll('\n', ' '),
    ...texts,
  ];
  return [first.join(' '), ...stacks.map((stack) => paint('dim', indented(stack)))].join('\n');
}

/** A text that a function wrote, after the name of the function. */
export function plainText(functionName: string, text: string, paint: Paint): string {
  return `${paint('dim', clock())} ${terminalText(functionName).padEnd(nameWidth)} ${terminalText(text)}`;
}

function styleOf(level: string): 'red' | 'yellow' | 'bold' | 'dim' {
  if (/^(error|critical|fatal)$/i.test(level)) return 'red';
  if (/^warn/i.test(level)) return 'yellow';
  return /^info$/i.test(level) ? 'bold' : 'dim';
}

/** `12:41:03.123`, in the time zone of the host. */
function clock(atMs = Date.now()): string {
  const at = new Date(atMs);
  const [hours, minutes, seconds] = [at.getHours(), at.getMinutes(), at.getSeconds()].map(twoDigits);
  return `${hours}:${minutes}:${seconds}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

function twoDigits(number: number): string {
  return String(number).padStart(2, '0');
}

interface LoggedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly cause?: unknown;
}

function isError(value: unknown): value is LoggedError {
  return typeof value === 'object' && value !== null && 'stack' in value && typeof value.stack === 'string';
}

/** The error without what its stack says too. Adds its stack, and those of its causes, to `stacks`. */
function withoutStack(error: LoggedError, stacks: string[]): unknown {
  const { name, message, stack, cause, ...others } = error;
  const { location: _, ...fields } = others as Record<string, unknown>;
  stacks.push(stacks.length === 0 ? stack : `Caused by ${stack}`);
  const rest = {
    ...(!stack.includes(message) && { message }),
    ...fields,
    ...(cause !== undefined && { cause: isError(cause) ? withoutStack(cause, stacks) : cause }),
  };
  return Object.keys(rest).length === 0 ? name : { name, ...rest };
}

function indented(stack: string): string {
  return terminalText(stack)
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\n');
}

/** Short texts without spaces as they are, everything else as JSON. */
function valueText(value: unknown): string {
  if (typeof value === 'string' && /^[\w.:/@+-]+$/.test(value)) return value;
  return terminalText(JSON.stringify(value) ?? 'undefined');
}
