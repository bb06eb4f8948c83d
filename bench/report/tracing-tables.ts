import { mean, median, percentile } from '../measure/statistics.ts';
import type {
  BundleFigure,
  Comparison,
  ExportFigure,
  FailureFigure,
  Samples,
  TracingFigures,
} from '../tracing/figures.ts';
import { markdown, short, whole } from './markdown.ts';

/** A command that is slower than the one without tracing by this has waited for its receiver, in ms. */
const waitMs = 100;

/** The figures of tracing, in Markdown. */
export function tracingText(figures: TracingFigures): string {
  const { failures, failureSeconds } = figures;
  return [
    costTable(figures.cost),
    exportsText(figures.exports),
    bundlesTable(figures),
    `Credits with receivers that work and that fail, in ${whole(failureSeconds)} s:`,
    failuresTable(failures),
  ].join('\n\n');
}

function costTable(cost: readonly Comparison[]): string {
  const names = cost[0]?.results.map(({ name }) => name) ?? [];
  return markdown(
    ['API function', ...names],
    cost.map(({ what, average, results: [off, ...others] }) => [
      what,
      off ? `${short(averages[average](off.samplesMs))} ms` : '',
      ...others.map((other) => (off ? beside(average, other, off) : '')),
    ]),
  );
}

const averages = { median, mean };

/** For medians, the median of the ratios and of the differences of each turn: one turn is under the same load. */
function beside(average: Comparison['average'], ours: Samples, off: Samples): string {
  const turns = ours.samplesMs.map((ms, turn) => [ms, off.samplesMs[turn] ?? Number.NaN] as const);
  const [value, valueOff] = [averages[average](ours.samplesMs), averages[average](off.samplesMs)];
  const [ratio, more] =
    average === 'median'
      ? [
          median(turns.map(([ms, without]) => ms / without)),
          median(turns.map(([ms, without]) => ms - without)),
        ]
      : [value / valueOff, value - valueOff];
  return `${short(value)} ms (${ratio.toFixed(2)} ×, ${more < 0 ? '−' : '+'}${short(Math.abs(more))})`;
}

function exportsText({ creditSpans, creditBytes, starts, credits }: ExportFigure): string {
  const request = `OTLP exports a warm credit as ${creditSpans} spans in a request of ${whole(creditBytes)} bytes.`;
  const counts = [starts, credits].map(({ arrived, all }) => `${whole(arrived)} of ${whole(all)}`);
  return `${request} Spans arrived of ${counts[0]} starts, and of ${counts[1]} credits.`;
}

function bundlesTable({ bundles, bundleBytes }: TracingFigures): string {
  const kilobytes = (bytes: number) => `${whole(bytes / 1_000)} KB`;
  const cells = ({ name, bytes, loadMs }: BundleFigure) => [
    name,
    kilobytes(bytes),
    `${short(median(loadMs))} ms (${short(Math.min(...loadMs))} to ${short(Math.max(...loadMs))})`,
  ];
  const header = ['adapter', `in the bundle of ${kilobytes(bundleBytes)}`, 'to load after the API'];
  return markdown(header, bundles.map(cells));
}

function failuresTable(failures: readonly FailureFigure[]): string {
  const [off] = failures;
  const header = ['receiver', 'p50', 'p99', 'slowest', 'p50 beside', 'p99 beside'];
  const counts = ['100 ms slower', 'requests to it', 'spans dropped', 'warnings'];
  return markdown(
    [...header, ...counts],
    failures.map(({ name, samplesMs, requests, spansDropped, warnings }) => {
      const [p50, p99] = [median(samplesMs), percentile(samplesMs, 99)];
      const without = off?.samplesMs ?? [];
      const waited = samplesMs.filter((ms, turn) => ms - (without[turn] ?? 0) >= waitMs).length;
      return [
        name,
        ...[p50, p99, Math.max(...samplesMs)].map((ms) => `${short(ms)} ms`),
        `${(p50 / median(without)).toFixed(2)} ×`,
        `${(p99 / percentile(without, 99)).toFixed(2)} ×`,
        ...[waited, requests, spansDropped, warnings].map((count) => whole(count)),
      ];
    }),
  );
}
