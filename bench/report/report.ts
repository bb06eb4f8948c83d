import type { Row, Size } from '../measure/row.ts';
import type { TracingFigures } from '../tracing/figures.ts';
import { joinedTracing } from '../tracing/joined.ts';
import { type Machine, machineText } from './machine.ts';
import { rowsTable, sizesTable } from './table.ts';
import { tracingText } from './tracing-tables.ts';

/** What the bench has found. The JSON file has this form. */
export interface Report {
  readonly machine: Machine;
  readonly rows: readonly Row[];
  readonly sizes: readonly Size[];
  /** Undefined if the run had no part `tracing`. */
  readonly tracing?: TracingFigures;
}

/** The report for people, in Markdown. */
export function reportText({ machine, rows, sizes, tracing }: Report): string {
  const parts = [
    machineText(machine),
    rows.length > 0 && rowsTable(rows),
    sizes.length > 0 && sizesTable(sizes),
    tracing && tracingText(tracing),
  ];
  return parts.filter(Boolean).join('\n\n');
}

/** The results of several runs: the samples of each line together. The machine is described as at the start of the first. */
export function joined(reports: readonly [Report, ...Report[]]): Report {
  const [first, ...others] = reports;
  const rows = first.rows.map((row) => others.reduce((one, { rows }) => joinedRow(one, rows), row));
  const figures = reports.flatMap(({ tracing }) => tracing ?? []);
  return { ...first, rows, ...(figures.length > 0 && { tracing: figures.reduce(joinedTracing) }) };
}

function joinedRow(row: Row, others: readonly Row[]): Row {
  const same = others.find(
    ({ what, events, beside }) =>
      what === row.what && events === row.events && beside?.name === row.beside?.name,
  );
  if (same === undefined) return row;
  const { ours, beside } = row;
  const all = (one: typeof ours, more: typeof ours | undefined) => ({
    ...one,
    samplesMs: [...one.samplesMs, ...(more?.samplesMs ?? [])],
  });
  return { ...row, ours: all(ours, same.ours), ...(beside && { beside: all(beside, same.beside) }) };
}
