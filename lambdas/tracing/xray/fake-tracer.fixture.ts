import type { Tracer } from '@aws-lambda-powertools/tracer';
import type { Segment } from './segments.ts';

/** A subsegment that notes what it gets. */
export class FakeSegment implements Segment {
  static #count = 0;
  readonly id: string;
  readonly noted: unknown[] = [];
  readonly inner: FakeSegment[] = [];
  readonly attributes: Record<string, unknown> = {};
  name: string;
  closed = 0;

  constructor(name: string) {
    this.name = name;
    FakeSegment.#count += 1;
    this.id = FakeSegment.#count.toString(16).padStart(16, '0');
  }

  addAnnotation(key: string, value: unknown) {
    this.noted.push([key, value]);
  }
  addMetadata(key: string, value: unknown) {
    this.noted.push([key, value]);
  }
  addAttribute(key: string, value: unknown) {
    this.attributes[key] = value;
  }
  addError(error: Error | string) {
    this.noted.push(error);
  }
  addFaultFlag() {
    this.noted.push('fault');
  }
  addNewSubsegment(name: string) {
    const segment = new FakeSegment(name);
    this.inner.push(segment);
    return segment;
  }
  close() {
    this.closed += 1;
  }
}

/** A tracer of Powertools as the adapter uses it. `root`: the trace of the invocation in X-Ray's form. */
export function fakeTracer(root: string | undefined = '1-5759e988-bd862e3fe1be46a994272793') {
  const facade = new FakeSegment('facade');
  let current: FakeSegment = facade;
  const noted: string[] = [];
  const tracer = {
    isTracingEnabled: () => true,
    isTraceSampled: () => true,
    getRootXrayTraceId: () => root,
    setSegment: (segment: FakeSegment) => {
      current = segment;
    },
    annotateColdStart: () => noted.push('cold start'),
    addServiceNameAnnotation: () => noted.push('service'),
    provider: {
      getSegment: () => current,
      captureAsyncFunc: async (name: string, run: (segment: FakeSegment) => unknown) => {
        const outer = current;
        current = outer.addNewSubsegment(name);
        try {
          return await run(current);
        } finally {
          current = outer;
        }
      },
    },
  };
  return { tracer: tracer as unknown as Tracer, facade, noted };
}
