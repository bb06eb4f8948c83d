import type { Units } from '../measure/meter.ts';
import type { Result, Row, Size } from '../measure/row.ts';
import { median } from '../measure/statistics.ts';
import { markdown, short, whole } from './markdown.ts';

/** The rows as a table in Markdown: medians, with the lowest and the highest value. */
export function rowsTable(rows: readonly Row[]): string {
  const header = ['measured', 'events', 'Streamfold', 'beside it', '', 'compared', 'units', 'units beside'];
  return markdown(header, rows.map(cells));
}

/** The sizes as a table in Markdown. */
export function sizesTable(sizes: readonly Size[]): string {
  const cellsOf = ({ what, events, bytes }: Size) => [what, whole(events), whole(bytes / events)];
  return markdown(['stored', 'events', 'bytes of an event'], sizes.map(cellsOf));
}

function cells(row: Row): string[] {
  const { what, events, ours, beside } = row;
  const theirs = beside ? [beside.name, measured(beside), comparison(row, beside)] : ['', '', ''];
  return [
    what,
    whole(events),
    measured(ours),
    ...theirs,
    unitsText(ours.units),
    beside ? unitsText(beside.units) : '',
  ];
}

/** Milliseconds, or items in a second. */
function measured({ samplesMs, count }: Result): string {
  const values = count === undefined ? samplesMs : samplesMs.map((ms) => (count / ms) * 1_000);
  const text = count === undefined ? short : whole;
  const range = values.length > 1 ? ` (${text(Math.min(...values))} to ${text(Math.max(...values))})` : '';
  return `${text(median(values))}${count === undefined ? ' ms' : ' /s'}${range}`;
}

/** The median of the ratios of each turn: the two ran one after the other, under the same load. */
function comparison({ ours, compared }: Row, beside: Result): string {
  const scale = (ours.count ?? 1) / (beside.count ?? 1);
  const ratios = ours.samplesMs.map((ms, turn) => ((beside.samplesMs[turn] ?? Number.NaN) / ms) * scale);
  const ratio = median(compared === 'speed' ? ratios : ratios.map((value) => 1 / value));
  return `${ratio.toFixed(2)} × the ${compared}`;
}

function unitsText(units: Units | undefined): string {
  if (units === undefined) return 'not reported';
  const parts = [
    units.read > 0 && `${whole(units.read, 1)} r`,
    units.write > 0 && `${whole(units.write, 1)} w`,
  ];
  return parts.filter(Boolean).join(' + ') || '0';
}
