import { ownAttributes, standardAttributes } from '../../schema/tracing.ts';
import type { Span } from './span.ts';

/** The work of a consumer on several messages, in a trace of its own. */
export interface LinkedBatch {
  readonly traceId: string;
  /** The function. */
  readonly service: string;
  /** Number of commits or messages in the batch that are not of the trace. */
  readonly others: number;
  readonly spans: readonly Span[];
}

/** A trace that was asked for, with the batches in which its messages were handled. */
export interface ShownTrace {
  readonly traceId: string;
  readonly spans: readonly Span[];
  readonly batches: readonly LinkedBatch[];
}

/**
 * Separates the traces that were asked for, oldest first, from those of batches. A batch's trace begins with a consumer's span without
 * parent, and another trace links to it. @param asked the id of the trace that was asked for, if it was one
 */
export function tracesOf(spans: readonly Span[], asked?: string): readonly ShownTrace[] {
  const byTrace = Map.groupBy(spans, ({ traceId }) => traceId);
  const isLinked = linkedTraces(spans);
  const isBatch = (traceId: string) =>
    traceId !== asked && isLinked.has(traceId) && batchSpan(byTrace.get(traceId) ?? []) !== undefined;
  const all = [...byTrace.keys()];
  const main = all.filter((traceId) => !isBatch(traceId));
  const shown = (main.length > 0 ? main : all).map((traceId): ShownTrace => {
    const own = byTrace.get(traceId) ?? [];
    const linked = new Set(own.flatMap(({ links }) => links.map((link) => link.traceId)));
    const batches = all.filter((each) => each !== traceId && linked.has(each) && isBatch(each));
    const inOrder = batches.map((each) => linkedBatch(byTrace.get(each) ?? [], own)).sort(byStart);
    return { traceId, spans: own, batches: inOrder };
  });
  return shown.sort(byStart);
}

/** Epoch ms of the earliest start. */
export function startOf(spans: readonly Span[]): number {
  return spans.reduce((earliest, { startMs }) => Math.min(earliest, startMs), Number.POSITIVE_INFINITY);
}

type WithSpans = { readonly spans: readonly Span[] };
const byStart = (a: WithSpans, b: WithSpans) => startOf(a.spans) - startOf(b.spans);

function linkedTraces(spans: readonly Span[]): ReadonlySet<string> {
  const others = spans.flatMap((span) => span.links.filter(({ traceId }) => traceId !== span.traceId));
  return new Set(others.map(({ traceId }) => traceId));
}

function batchSpan(spans: readonly Span[]): Span | undefined {
  return spans.find(({ kind, parentId }) => kind === 'consumer' && parentId === undefined);
}

function linkedBatch(spans: readonly Span[], own: readonly Span[]): LinkedBatch {
  const root = batchSpan(spans) as Span;
  const { traceId, service, attributes } = root;
  const steps = own.filter(({ links }) => links.some((link) => link.traceId === traceId));
  const places = new Set(steps.flatMap(({ attributes: { [ownAttributes.commits]: at } }) => at ?? []));
  const ofTrace = Math.max(places.size, 1);
  const size = attributes[standardAttributes.messagingBatchCount];
  const linkedElsewhere = root.links.filter((link) => link.traceId !== own[0]?.traceId).length;
  const others = typeof size === 'number' ? Math.max(size - ofTrace, 0) : linkedElsewhere;
  return { traceId, service, others, spans };
}
