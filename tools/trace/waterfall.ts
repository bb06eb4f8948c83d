import { type Paint, terminalText } from '../host/terminal-text.ts';
import { detailsOf, errorOf, eventText, resourceName } from './details.ts';
import { type Row, rowsOf } from './rows.ts';
import { type Span, shownEndMs } from './span.ts';
import { type ShownTrace, startOf } from './traces.ts';

/** How a waterfall is drawn. */
export interface Look {
  readonly paint: Paint;
  /** Number of characters of a line. Undefined: lines are as long as they need. */
  readonly columns?: number | undefined;
}

/** Lines of one trace, or of one batch. */
const rowsMax = 2_000;
/** Deeper spans are not indented more. */
const indentedMax = 20;
const barColumns = 24;
/** For terminals of less than 100 characters. */
const narrowBarColumns = 10;
const numberColumns = 9;

type Piece = readonly [style: Parameters<Paint>[0] | 'usual', text: string];

/** What all lines of a trace are relative to. */
interface Axis {
  /** Epoch ms of offset 0. */
  readonly zeroMs: number;
  /** Epoch ms of the left end of the bars. */
  readonly fromMs: number;
  /** More than 0. */
  readonly lengthMs: number;
  readonly columns: number;
}

/** The lines of a trace: its steps, then the batches that it was part of, with offsets from the start of the trace. */
export function waterfall({ traceId, spans, batches }: ShownTrace, look: Look): readonly string[] {
  const every = [...spans, ...batches.flatMap((batch) => batch.spans)];
  const axis = axisOf(spans, every, look);
  const services = new Set(spans.map(({ service }) => service)).size;
  const lastMs = latestEnd(spans);
  const title = [
    `Trace ${traceId}`,
    `${counted(spans.length, 'span')} of ${counted(services, 'function')}`,
    `${number(lastMs - axis.zeroMs)} ms`,
    `from ${timeText(axis.zeroMs)}`,
  ];
  return [
    line([['bold', title.join(', ')]], look),
    line([['dim', `${'at ms'.padStart(numberColumns)}${'took ms'.padStart(numberColumns)}`]], look),
    ...rowLines(spans, axis, look),
    ...batches.flatMap((batch) => {
      const others = batch.others === 0 ? 'alone' : `with ${counted(batch.others, 'other commit')}`;
      const heading = `In the batch of ${batch.service}, ${others} (trace ${batch.traceId}):`;
      return ['', line([['bold', heading]], look), ...rowLines(batch.spans, axis, look)];
    }),
  ];
}

function axisOf(spans: readonly Span[], every: readonly Span[], { columns }: Look): Axis {
  const fromMs = startOf(every);
  return {
    zeroMs: startOf(spans),
    fromMs,
    lengthMs: Math.max(latestEnd(every) - fromMs, 0.001),
    columns: columns !== undefined && columns < 100 ? narrowBarColumns : barColumns,
  };
}

function latestEnd(spans: readonly Span[]): number {
  return spans.reduce((latest, span) => Math.max(latest, shownEndMs(span)), Number.NEGATIVE_INFINITY);
}

function rowLines(spans: readonly Span[], axis: Axis, look: Look): readonly string[] {
  const rows = rowsOf(spans);
  const shown = rows.slice(0, rowsMax).map((row) => line(piecesOf(row, axis), look));
  const left = rows.length - shown.length;
  return left > 0 ? [...shown, `... and ${left.toLocaleString('en')} more lines.`] : shown;
}

function piecesOf(row: Row, axis: Axis): readonly Piece[] {
  const indent = '  '.repeat(Math.min(row.depth, indentedMax));
  switch (row.kind) {
    case 'span':
      return spanPieces(row.span, row.parent, indent, axis);
    case 'event':
      return [
        ...timePieces(row.event.atMs, undefined, axis),
        ['yellow', `${' '.repeat(axis.columns)}  ${indent}* ${eventText(row.event)}`],
      ];
    case 'group': {
      const { first, count, endMs } = row.group;
      const text = `${indent}${count.toLocaleString('en')} times ${first.service}: ${resourceName(first.name)}`;
      return [
        ...timePieces(first.startMs, endMs - first.startMs, axis),
        ...barPieces(first.startMs, endMs, first.isError, axis),
        ['usual', text],
        ...(first.isError ? ([['red', `  ${errorOf(first)}`]] as const) : []),
      ];
    }
    case 'reason': {
      const text =
        row.reason === 'cycle'
          ? 'The parents of these spans form a cycle:'
          : `Under span ${row.reason.missingParent}, which is not recorded here (the caller's, or dropped):`;
      return [['dim', `  ${text}`]];
    }
    default:
      return row satisfies never;
  }
}

function spanPieces(span: Span, parent: Span | undefined, indent: string, axis: Axis): readonly Piece[] {
  const { service, name, startMs, endMs, isError } = span;
  const details = detailsOf(span);
  return [
    ...timePieces(startMs, endMs === undefined ? 'open' : endMs - startMs, axis),
    ...barPieces(startMs, shownEndMs(span), isError, axis),
    ['usual', indent],
    ...(parent?.service === service ? [] : ([['dim', `${service}: `]] as const)),
    ['usual', resourceName(name)],
    ...(isError ? ([['red', `  ${errorOf(span)}`]] as const) : []),
    ...(details.length > 0 ? ([['dim', `  ${details.join(', ')}`]] as const) : []),
  ];
}

function timePieces(atMs: number, tookMs: number | 'open' | undefined, { zeroMs }: Axis): readonly Piece[] {
  const took = typeof tookMs === 'number' ? number(tookMs) : (tookMs ?? '');
  return [['usual', `${number(atMs - zeroMs).padStart(numberColumns)}${took.padStart(numberColumns)}  `]];
}

/** At least one character. */
function barPieces(startMs: number, endMs: number, isError: boolean, axis: Axis): readonly Piece[] {
  const { fromMs, lengthMs, columns } = axis;
  const at = (ms: number) => Math.round(((ms - fromMs) / lengthMs) * columns);
  const from = Math.min(Math.max(at(startMs), 0), columns - 1);
  const length = Math.max(Math.min(at(endMs), columns) - from, 1);
  return [
    ['usual', ' '.repeat(from)],
    [isError ? 'red' : 'usual', '━'.repeat(length)],
    ['usual', `${' '.repeat(columns - from - length)}  `],
  ];
}

/** A line without control characters, cut at the width of the terminal. */
function line(pieces: readonly Piece[], { paint, columns = Number.POSITIVE_INFINITY }: Look): string {
  let left = columns;
  const texts = pieces.map(([style, text]) => {
    const safe = terminalText(text).replace(/[\t\n]/g, ' ');
    const cut = safe.length <= left ? safe : `${safe.slice(0, Math.max(left - 1, 0))}${left > 0 ? '…' : ''}`;
    left -= cut.length;
    return style === 'usual' || cut === '' ? cut : paint(style, cut);
  });
  return texts.join('').trimEnd();
}

function number(ms: number): string {
  return ms.toLocaleString('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });
}

function counted(count: number, of: string): string {
  return `${count.toLocaleString('en')} ${of}${count === 1 ? '' : 's'}`;
}

/** Undefined times of a receiver can be out of the range of dates. */
function timeText(epochMs: number): string {
  return Math.abs(epochMs) <= 8.64e15 ? new Date(epochMs).toISOString() : 'an invalid time';
}
