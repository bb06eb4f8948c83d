import {
  type Cause,
  type CausedStep,
  parseTraceparent,
  type Step,
  type TraceContext,
  untraced,
} from '../../kernel/index.ts';
import { faultless } from '../faultless.ts';
import { remoteContext } from './flags.ts';
import type { RecordedSpan } from './recorded-span.ts';
import type { Recording } from './recording.ts';
import { causedSpan } from './step-spans.ts';

/** The spans of a step for its causes. */
export interface CausedSpans {
  readonly spans: readonly RecordedSpan[];
  /** The span above the steps inside. Undefined: it does not change. */
  readonly active: RecordedSpan | undefined;
  /** A step for each cause, in their order. */
  readonly steps: readonly CausedStep[];
}

interface Place {
  readonly recording: Recording;
  readonly root: RecordedSpan;
  readonly span: RecordedSpan;
}

/** A cause with its place in the order, and its context if it has a valid one. */
interface ReadCause {
  readonly cause: Cause;
  readonly index: number;
  readonly context: TraceContext | undefined;
}

/** Creates a span for each distinct trace of the causes, and one below the current span for causes without a valid context. */
export function causedSpans(place: Place | undefined, step: Step, causes: readonly Cause[]): CausedSpans {
  const steps = [...untraced(causes)];
  if (place === undefined) return { spans: [], active: undefined, steps };
  const read = causes.map((cause, index) => ({ cause, index, context: parseTraceparent(cause.traceparent) }));
  const groups = Map.groupBy(read, ({ context }) => context?.traceId);
  if (groups.size === 0) groups.set(undefined, []);
  const spans = [...groups.values()].flatMap((group) => {
    const span = faultless(() => spanOf(place, step, group));
    if (span === undefined) return [];
    // Causes of one trace get the same step, so that it is told once what concerns all of them.
    const own = causedStep(span);
    for (const { index } of group) steps[index] = own;
    return [span];
  });
  return { spans, active: groups.size === 1 ? spans[0] : undefined, steps };
}

/** The span of causes of one trace, or of causes without a trace. */
function spanOf(
  { recording, root, span }: Place,
  step: Step,
  group: readonly ReadCause[],
): RecordedSpan | undefined {
  const start = causedSpan(
    step,
    group.map(({ cause }) => cause),
  );
  const contexts = group.flatMap(({ context }) => context ?? []);
  const [first, ...others] = contexts;
  if (first === undefined) return recording.child(start, span);
  for (const context of contexts) recording.linkRoot(root, context);
  const links = [root.span.spanContext(), ...distinct(first, others).map(remoteContext)];
  const sampled = contexts.some((context) => context.sampled);
  return recording.below({ ...start, links: links.map((context) => ({ context })) }, { ...first, sampled });
}

/** The contexts of spans other than the first one's. A span with the batch's link has at most 128, OpenTelemetry's default. */
function distinct(first: TraceContext, others: readonly TraceContext[]): readonly TraceContext[] {
  const bySpan = new Map(others.map((context) => [context.spanId, context]));
  bySpan.delete(first.spanId);
  return [...bySpan.values()].slice(0, 127);
}

function causedStep(span: RecordedSpan): CausedStep {
  return {
    // Read late: once it is handed on, the decision about the trace is final.
    get traceparent() {
      return faultless(() => span.traceparent());
    },
    event: (name, details) => void faultless(() => span.event(name, details)),
    fail: (reason) => void faultless(() => span.fail(reason)),
  };
}
