import type { Exported, Samples, TracingFigures } from './figures.ts';

/** The figures of two runs: the samples of each line together, and the sums of counts. What does not vary is that of the first. */
export function joinedTracing(one: TracingFigures, more: TracingFigures): TracingFigures {
  return {
    ...one,
    cost: one.cost.map((comparison, index) => ({
      ...comparison,
      results: joinedSamples(comparison.results, more.cost[index]?.results ?? []),
    })),
    exports: {
      ...one.exports,
      starts: sum(one.exports.starts, more.exports.starts),
      credits: sum(one.exports.credits, more.exports.credits),
    },
    bundles: one.bundles.map((bundle, index) => ({
      ...bundle,
      loadMs: [...bundle.loadMs, ...(more.bundles[index]?.loadMs ?? [])],
    })),
    failures: joinedSamples(one.failures, more.failures).map((failure, index) => {
      const { requests = 0, spansDropped = 0, warnings = 0 } = more.failures[index] ?? {};
      return {
        ...failure,
        requests: failure.requests + requests,
        spansDropped: failure.spansDropped + spansDropped,
        warnings: failure.warnings + warnings,
      };
    }),
    failureSeconds: one.failureSeconds + more.failureSeconds,
  };
}

function joinedSamples<Kind extends Samples>(ones: readonly Kind[], others: readonly Samples[]): Kind[] {
  return ones.map((one, index) => ({
    ...one,
    samplesMs: [...one.samplesMs, ...(others[index]?.samplesMs ?? [])],
  }));
}

function sum(one: Exported, more: Exported): Exported {
  return { arrived: one.arrived + more.arrived, all: one.all + more.all };
}
