import { randomBytes } from 'node:crypto';
import { expect } from '@jest/globals';
import type { Host } from '../../tools/host/host.ts';
import { type Span, spansBelow, spansIn, treeOf } from './spans.ts';
import { until } from './until.ts';

/** A trace that a test begins: it is the caller of a service that is traced too. */
export interface CallersTrace {
  readonly traceId: string;
  /** The span of the caller. The host does not get it. */
  readonly spanId: string;
  /** The header of a request. */
  readonly traceparent: string;
}

/** A new trace. `flags`: `01` for a trace that is sampled, `00` for one that is not. */
export function newTrace(flags = '01'): CallersTrace {
  const [traceId, spanId] = [randomBytes(16).toString('hex'), randomBytes(8).toString('hex')];
  return { traceId, spanId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}

/** What finds traces in a host: the id of a trace, a correlation id, or the place of a commit as `ledger/7f3c@12`. */
export type TraceQuery = Readonly<Partial<Record<'trace' | 'correlation' | 'commit', string>>>;

/** The spans that a host has received, of the traces that the query finds and of the batches in which they went on. Empty if there are none. */
export async function foundSpans({ tracesUrl }: Host, query: TraceQuery): Promise<Span[]> {
  const response = await fetch(`${tracesUrl}/traces?${new URLSearchParams(query)}`);
  if (response.status === 404) return [];
  if (!response.ok) throw new Error(`Traces were answered ${response.status}: ${await response.text()}`);
  return spansIn((await response.json()) as object);
}

/** Waits until the query finds a span that `isIt` accepts. */
export async function untilSpan(host: Host, query: TraceQuery, isIt: (span: Span) => boolean): Promise<Span> {
  const spans = await until(
    () => foundSpans(host, query),
    (found) => found.some(isIt),
  );
  return spans.find(isIt) as Span;
}

/**
 * Waits until a span has as many lines below it as `tree`, and expects the same lines: see `treeOf`. Returns all spans of its trace, those of the batches in which
 * it went on included.
 */
export async function expectTree(host: Host, root: Span, tree: readonly string[]): Promise<Span[]> {
  let all: Span[] = [];
  const look = async () => {
    all = await foundSpans(host, { trace: root.traceId });
    return treeOf(spansBelow(all, root));
  };
  // Not all spans have arrived: the comparison shows which are missing.
  await until(look, (lines) => lines.length >= tree.length).catch(() => undefined);
  expect(await look()).toEqual(tree);
  return all;
}
