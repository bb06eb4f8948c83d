import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Span, TreeSpan } from '../support/spans.ts';
import { until } from '../support/until.ts';

const startDeadlineMs = 30_000;
const keptOutputChars = 200_000;
const anyPort = { endpoint: '127.0.0.1:0' };

/** All in one and in memory, as Jaeger's default, but with OTLP over HTTP as the only receiver, and on free ports. */
const config = {
  service: {
    extensions: ['jaeger_storage', 'jaeger_query'],
    pipelines: { traces: { receivers: ['otlp'], exporters: ['jaeger_storage_exporter'] } },
    telemetry: { metrics: { level: 'none' } },
  },
  extensions: {
    jaeger_storage: { backends: { memory: { memory: { max_traces: 10_000 } } } },
    jaeger_query: { storage: { traces: 'memory' }, http: anyPort, grpc: anyPort },
  },
  receivers: { otlp: { protocols: { http: anyPort } } },
  exporters: { jaeger_storage_exporter: { trace_storage: 'memory' } },
};

/** A trace as Jaeger's query API has it. https://www.jaegertracing.io/docs/1.76/architecture/apis/ */
interface JaegerTrace {
  readonly spans: readonly {
    readonly traceID: string;
    readonly spanID: string;
    readonly operationName: string;
    /** `CHILD_OF`: its parent. `FOLLOWS_FROM`: a span that it is linked with. */
    readonly references: readonly {
      readonly refType: 'CHILD_OF' | 'FOLLOWS_FROM';
      readonly traceID: string;
      readonly spanID: string;
    }[];
    /** In microseconds since 1970. */
    readonly startTime: number;
    readonly processID: string;
    readonly tags: readonly { readonly key: string; readonly value: unknown }[];
  }[];
  readonly processes: Readonly<Record<string, { readonly serviceName: string }>>;
}

/** A span of a trace in Jaeger. */
export type StoredSpan = TreeSpan & Pick<Span, 'links' | 'attributes'>;

/** A running Jaeger. */
export interface Jaeger {
  /** The base URL of its receiver: OTLP over HTTP. */
  readonly otlpUrl: string;
  /** The spans of the trace with this id, as far as they have arrived. */
  trace(id: string): Promise<readonly StoredSpan[]>;
  stop(): Promise<void>;
}

/** Starts Jaeger on free ports, and waits until it receives spans. */
export async function startJaeger(program: string): Promise<Jaeger> {
  // Its configuration is YAML, and JSON is YAML.
  const child = spawn(program, ['--config', `yaml:${JSON.stringify(config)}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      output = (output + chunk).slice(-keptOutputChars);
    });
  }
  const stop = () => end(child);
  try {
    await once(child, 'spawn');
    await until(
      () => (child.exitCode === null ? output : fail(`Jaeger ended: ${output}`)),
      (text) => text.includes('Everything is ready'),
      startDeadlineMs,
    );
    const otlp = addressIn(
      output,
      /Starting HTTP server.*"otelcol\.component\.id": "otlp".*"endpoint": "([^"]+)"/,
    );
    const query = addressIn(output, /Query server started.*"http_addr": "([^"]+)"/);
    return {
      otlpUrl: `http://${otlp}`,
      trace: (id) => traceOf(`http://${query}/api/traces/${id}`),
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function traceOf(url: string): Promise<readonly StoredSpan[]> {
  const response = await fetch(url);
  const { data } = (await response.json()) as { data?: readonly JaegerTrace[] | null };
  const [trace] = data ?? [];
  return trace?.spans.map((span) => storedSpan(span, trace)) ?? [];
}

function storedSpan(span: JaegerTrace['spans'][number], { processes }: JaegerTrace): StoredSpan {
  const { 'span.kind': kind = 'internal', ...attributes } = Object.fromEntries(
    span.tags.map(({ key, value }) => [key, value]),
  );
  const parent = span.references.find(({ refType }) => refType === 'CHILD_OF');
  return {
    ...{ spanId: span.spanID, name: span.operationName, kind: kind as Span['kind'], attributes },
    ...(parent && { parentSpanId: parent.spanID }),
    startNs: BigInt(span.startTime) * 1_000n,
    service: processes[span.processID]?.serviceName ?? '',
    links: span.references
      .filter(({ refType }) => refType === 'FOLLOWS_FROM')
      .map(({ traceID, spanID }) => ({ traceId: traceID, spanId: spanID })),
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill();
  await ended;
}

/** The address that a line of the log names. */
function addressIn(log: string, pattern: RegExp): string {
  return pattern.exec(log)?.[1] ?? fail(`Jaeger does not say its address: ${log}`);
}

function fail(message: string): never {
  throw new Error(message);
}
