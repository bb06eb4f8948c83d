import { type Endpoint, openEndpoint } from '../endpoints/server.ts';
import { loopback } from '../engines/free-port.ts';
import type { ResourceSpans, TracesPayload } from './otlp-spans.ts';
import { SpanRing } from './span-ring.ts';
import type { SpanTarget } from './trace-variables.ts';
import { otlpShape, tracesListener } from './traces-listener.ts';

/** The engines, the functions and the receiver share the cores. While functions start, an answer takes longer than a deployed function would wait for it. */
const answerMaxMs = 5_000;

/** The receiver of the spans of a host's functions. */
export interface TraceReceiver {
  /** As `http://localhost:4318`. */
  readonly url: string;
  readonly port: number;
  /** For functions. With an address: a function that starts would wait for the look-up of a name. */
  readonly target: SpanTarget;
  /** All spans that it keeps, oldest first. Also after its stop. */
  spans(): Required<TracesPayload>;
  stop(): Promise<void>;
}

/** Opens a receiver on a free port. */
export async function openTraceReceiver(warn: (line: string) => void): Promise<TraceReceiver> {
  const ring = new SpanRing();
  const opened: Endpoint = await openEndpoint({ port: 0, option: '', errorShape: otlpShape, warn });
  opened.serve(tracesListener(ring));
  const port = Number(new URL(opened.url).port);
  return {
    url: opened.url,
    port,
    target: { endpoint: `http://${loopback}:${port}/v1/traces`, timeoutMs: answerMaxMs },
    spans: () => ({
      resourceSpans: ring
        .payloads()
        .flatMap(({ resourceSpans = [] }): readonly ResourceSpans[] => resourceSpans),
    }),
    stop: () => opened.stop(),
  };
}
