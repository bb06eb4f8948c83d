import { AsyncLocalStorage } from 'node:async_hooks';
import type { Tracer } from '@aws-lambda-powertools/tracer';
import {
  type AddDetails,
  type Cause,
  type CausedStep,
  type EventDetails,
  type Step,
  type StepDetails,
  type StepEvent,
  traceparentOf,
} from '../../kernel/index.ts';
import { errorTypeOf, validErrorType } from '../error-type.ts';
import { faultless } from '../faultless.ts';
import type { AwsCall, CallResult, Description, Invocation, SpanIds, Tracing } from '../tracing.ts';
import { annotate, type Segment } from './segments.ts';
import { segmentName, w3cTraceId } from './xray-ids.ts';

/**
 * Traces by X-Ray and Powertools: a subsegment for the handler, each step and each call. A subsegment cannot be in another trace, so all steps of a batch are
 * in the batch's. An invocation that has no trace of X-Ray is not traced.
 */
export class XrayTracing implements Tracing {
  readonly #tracer: Tracer;
  readonly #active = new AsyncLocalStorage<Active>();

  constructor(tracer: Tracer) {
    this.#tracer = tracer;
  }

  async invocation<Result>(invocation: Invocation, run: () => Promise<Result>): Promise<Result> {
    const opened = faultless(() => this.#open(invocation));
    if (opened === undefined) return run();
    const active: Active = { handler: opened.handler };
    try {
      return await this.#active.run(active, run);
    } catch (error) {
      faultless(() => opened.handler.addError(asError(error)));
      throw error;
    } finally {
      active.handler = undefined;
      faultless(() => opened.handler.close());
      faultless(() => this.#tracer.setSegment(opened.facade as never));
    }
  }

  describe({ name, attributes = {}, error }: Description): void {
    const handler = this.#handler;
    if (handler === undefined) return;
    annotate(handler, attributes);
    faultless(() => {
      if (name !== undefined) handler.name = handlerName(name);
      if (error !== undefined) markFailed(handler, error);
    });
  }

  async call<Result>(
    { service, operation, attributes }: AwsCall,
    run: () => Promise<Result>,
    resultOf: (outcome: unknown) => CallResult,
  ): Promise<Result> {
    return this.#inSegment(`${service}.${operation}`, run, {
      begin: (segment) => annotate(segment, attributes),
      end: (segment, outcome) => {
        const { attempts, requestId } = resultOf(outcome);
        segment.addAttribute('namespace', 'aws');
        segment.addAttribute('aws', {
          operation,
          request_id: requestId,
          retries: Math.max(0, (attempts ?? 1) - 1),
        });
      },
    });
  }

  ids(): SpanIds | undefined {
    return faultless(() => {
      const traceId = this.#traceId();
      const spanId = this.#current()?.id;
      return traceId && spanId ? { traceId, spanId } : undefined;
    });
  }

  async step<Result>(
    step: Step,
    run: (add: AddDetails) => Promise<Result>,
    details?: StepDetails,
  ): Promise<Result> {
    let own: Segment | undefined;
    const add: AddDetails = (more) => {
      if (own !== undefined) annotate(own, { ...more });
    };
    return this.#inSegment(step, () => run(add), {
      begin: (segment) => {
        own = segment;
        annotate(segment, { ...details });
      },
    });
  }

  async stepFor<Result>(
    step: Step,
    causes: readonly Cause[],
    run: (steps: readonly CausedStep[]) => Promise<Result>,
  ): Promise<Result> {
    let own: Segment | undefined;
    const only = causedStep(() => own);
    const steps = causes.map(() => only);
    return this.#inSegment(step, () => run(steps), {
      begin: (segment) => {
        own = segment;
        annotate(segment, { commits: causes.flatMap(({ details }) => details?.commits ?? []) });
      },
    });
  }

  event(name: StepEvent, details: EventDetails = {}): void {
    faultless(() => this.#current()?.addMetadata(name, details));
  }

  traceparent(): string | undefined {
    return faultless(() => {
      const ids = this.ids();
      return ids && traceparentOf({ ...ids, sampled: this.#tracer.isTraceSampled() });
    });
  }

  #open(invocation: Invocation): { facade: Segment; handler: Segment } | undefined {
    const facade = this.#traceId() === undefined ? undefined : this.#segment();
    if (facade === undefined) return undefined;
    const handler = facade.addNewSubsegment(handlerName(invocation.name));
    this.#tracer.setSegment(handler as never);
    faultless(() => this.#tracer.annotateColdStart());
    faultless(() => this.#tracer.addServiceNameAnnotation());
    annotate(handler, invocation.attributes);
    return { facade, handler };
  }

  /** The segment of the invocation in which this is called. Undefined: it is not traced, or it has ended, although work goes on. */
  get #handler(): Segment | undefined {
    return this.#active.getStore()?.handler;
  }

  /** Undefined: nothing is traced now. */
  #current(): Segment | undefined {
    return this.#handler && this.#segment();
  }

  #segment(): Segment | undefined {
    return this.#tracer.provider.getSegment() as Segment | undefined;
  }

  /** Undefined: this invocation has no trace of X-Ray. */
  #traceId(): string | undefined {
    return faultless(() =>
      this.#tracer.isTracingEnabled() ? w3cTraceId(this.#tracer.getRootXrayTraceId()) : undefined,
    );
  }

  /** Runs something once, in a subsegment if this invocation is traced. */
  async #inSegment<Result>(name: string, run: () => Promise<Result>, hooks: Hooks): Promise<Result> {
    if (this.#handler === undefined) return run();
    let running: Promise<Result> | undefined;
    const runOnce = () => {
      running ??= (async () => run())();
      return running;
    };
    try {
      await this.#tracer.provider.captureAsyncFunc(segmentName(name), async (segment) => {
        const own = segment as Segment | undefined;
        if (own !== undefined) faultless(() => hooks.begin(own));
        await settled(runOnce, own, hooks.end);
      });
    } catch {
      // The tracer failed.
    }
    return runOnce();
  }
}

/** An invocation. */
interface Active {
  /** Undefined: it has ended. */
  handler: Segment | undefined;
}

/** What is added to a segment. */
interface Hooks {
  readonly begin: (segment: Segment) => void;
  /** `outcome`: the result, or what was thrown. */
  readonly end?: (segment: Segment, outcome: unknown) => void;
}

/** Waits for the work, and closes its segment. */
async function settled(
  run: () => Promise<unknown>,
  segment: Segment | undefined,
  end: Hooks['end'],
): Promise<void> {
  let outcome: unknown;
  try {
    outcome = await run();
  } catch (error) {
    outcome = error;
    faultless(() => segment?.addError(asError(error)));
  }
  if (segment === undefined) return;
  faultless(() => end?.(segment, outcome));
  segment.close();
}

function handlerName(name: string): string {
  return segmentName(`## ${name}`);
}

function markFailed(segment: Segment, type: string): void {
  segment.addFaultFlag();
  segment.addAnnotation('error_type', validErrorType(type));
}

/** X-Ray gets no context for what the step sends: it carries that of its cause. */
function causedStep(segment: () => Segment | undefined): CausedStep {
  return {
    traceparent: undefined,
    event: (name, details = {}) => void faultless(() => segment()?.addMetadata(name, details)),
    fail: (reason) =>
      void faultless(() => {
        const own = segment();
        if (own !== undefined) markFailed(own, reason);
      }),
  };
}

/** The message of an error may have personal data: X-Ray gets its type and the places of its stack. */
function asError(error: unknown): Error {
  const shown = new Error('');
  shown.name = errorTypeOf(error);
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  shown.stack = [shown.name, ...lines.filter((line) => /^\s+at /.test(line))].join('\n');
  return shown;
}
