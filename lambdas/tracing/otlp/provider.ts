import { type Context, createContextKey, ROOT_CONTEXT, type Tracer } from '@opentelemetry/api';
import { defaultResource, resourceFromAttributes } from '@opentelemetry/resources';
import {
  type Sampler,
  SamplingDecision,
  type Span,
  type SpanProcessor,
  TracerProvider,
} from '@opentelemetry/sdk-trace';
import type { Attributes } from '../tracing.ts';

/** Maximum length of the value of an attribute, in characters. */
const attributeMaxLength = 1_000;

/** What collects the spans that are created in its context. */
export interface SpanCollector {
  /** Whether the trace of the span that is created is exported, as known until now. */
  readonly sampled: boolean;
  collect(span: Span): void;
}

const collectorKey = createContextKey('streamfold.collector');

/** The context in which a span is created for a collector. */
export function collectedBy(collector: SpanCollector): Context {
  return ROOT_CONTEXT.setValue(collectorKey, collector);
}

function collectorOf(context: Context): SpanCollector | undefined {
  return context.getValue(collectorKey) as SpanCollector | undefined;
}

/** Every span of a collector is recorded. Its flag says whether its trace is sampled. */
const sampler: Sampler = {
  shouldSample: (context) => {
    const collector = collectorOf(context);
    if (collector === undefined) return { decision: SamplingDecision.NOT_RECORD };
    return { decision: collector.sampled ? SamplingDecision.RECORD_AND_SAMPLED : SamplingDecision.RECORD };
  },
  toString: () => 'streamfold',
};

const processor: SpanProcessor = {
  onStart: (span, context) => collectorOf(context)?.collect(span),
  onEnd: () => undefined,
  forceFlush: async () => undefined,
  shutdown: async () => undefined,
};

/** A tracer of its own: nothing is registered globally, and no library is instrumented. */
export function createTracer(resource: Attributes): Tracer {
  const known = Object.entries(resource).filter(([, value]) => value !== undefined);
  const provider = new TracerProvider({
    resource: defaultResource().merge(resourceFromAttributes(Object.fromEntries(known))),
    sampler,
    spanProcessors: [processor],
    spanLimits: { attributeValueLengthLimit: attributeMaxLength },
  });
  return provider.getTracer('streamfold');
}
