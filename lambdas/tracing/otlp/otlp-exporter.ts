import { JsonTraceSerializer } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { HttpRequest } from '@smithy/protocol-http';
import { ExportFailure, failureOf } from './export-failure.ts';
import { type Answer, type Connection, jsonRequest } from './http-post.ts';
import { rejectedSpans } from './otlp-answer.ts';
import type { SpanExport } from './otlp-tracing.ts';
import { type ExportLog, Outage } from './outage.ts';
import type { TracingEffects } from './tracing-effects.ts';

/** Maximum time in which a connection is opened while a handler works. */
const openMaxMs = 2_000;
/** A connection that was not used for longer may be closed, also without a sign of it: nobody answered while the function was frozen. */
const idleMaxMs = 20_000;
/** Maximum size of a request, in bytes. CloudWatch takes 5 MB. */
const requestMaxBytes = 4_000_000;

/** Adds to the headers of a request what the receiver wants to know who sends it. */
export interface Authorization {
  authorize(request: HttpRequest): Promise<HttpRequest>;
  /** The receiver answered 401 or 403. */
  refused(): void;
}

/** What the exporter needs. */
export interface OtlpExporterOptions {
  readonly url: URL;
  /** Maximum time of an export, with everything that it waits for. */
  readonly maxMs: number;
  readonly connection: Connection;
  readonly authorizations: readonly Authorization[];
  readonly log: ExportLog;
  readonly effects: TracingEffects;
}

/** Sends spans by OTLP over HTTP, as JSON. A receiver that fails costs one export, and then nothing for 30 s. */
export class OtlpExporter implements SpanExport {
  readonly #options: OtlpExporterOptions;
  readonly #outage: Outage;
  #opening: Promise<unknown> | undefined;
  #usedAt = Number.NEGATIVE_INFINITY;

  constructor(options: OtlpExporterOptions) {
    this.#options = options;
    this.#outage = new Outage(options.log, options.effects);
  }

  /** Opens a connection by an empty request, if that of before may be closed. Its answer does not matter: the next export finds out. */
  open(): void {
    const { connection, effects } = this.#options;
    const { elapsed } = effects;
    if (this.#opening !== undefined || this.#outage.silent || elapsed() - this.#usedAt < idleMaxMs) return;
    this.#usedAt = elapsed();
    connection.renew();
    this.#opening = this.#within(openMaxMs, (signal) => this.#request(bodyOf([]), signal))
      .catch(() => undefined)
      .finally(() => {
        this.#opening = undefined;
      });
  }

  async send(spans: readonly ReadableSpan[]): Promise<number> {
    const dropped = this.#outage.silent ? spans.length : await this.#deliver(spans);
    this.#outage.drop(dropped);
    return dropped;
  }

  /** Returns the number of spans that were not delivered. */
  async #deliver(spans: readonly ReadableSpan[]): Promise<number> {
    try {
      const body = bodyOf(spans);
      if (body.byteLength > requestMaxBytes) {
        this.#outage.partly('The spans of an invocation are too large for one request.');
        return spans.length;
      }
      const rejected = await this.#within(this.#options.maxMs, async (signal) => {
        await this.#opening;
        return rejectedSpans(await this.#request(body, signal));
      });
      if (rejected === 0) this.#outage.over();
      else this.#outage.partly('The receiver of traces does not take some spans.');
      return Math.min(rejected, spans.length);
    } catch (error) {
      const failure = failureOf(error);
      if (failure.status === 401 || failure.status === 403) {
        for (const authorization of this.#options.authorizations) authorization.refused();
      }
      this.#outage.failed(failure);
      return spans.length;
    }
  }

  async #request(body: Uint8Array, signal: AbortSignal): Promise<Answer> {
    const { url, authorizations, effects } = this.#options;
    let request = jsonRequest(url, body);
    for (const authorization of authorizations) request = await authorization.authorize(request);
    const answer = await this.#posted(request, signal);
    this.#usedAt = effects.elapsed();
    return answer;
  }

  /** The receiver may have closed the connection while the function was frozen: then the request is sent once more. */
  #posted(request: HttpRequest, signal: AbortSignal): Promise<Answer> {
    const { post } = this.#options.connection;
    return post(request, signal).catch((error: unknown) => {
      const { code } = error as { code?: unknown };
      if (code !== 'ECONNRESET' && code !== 'EPIPE') throw error;
      return post(request, signal);
    });
  }

  /** Rejects after `ms` milliseconds, and aborts what runs. */
  async #within<Result>(ms: number, run: (signal: AbortSignal) => Promise<Result>): Promise<Result> {
    const limit = new AbortController();
    const expired = new Promise<never>((_resolve, reject) => {
      limit.signal.addEventListener('abort', () =>
        reject(
          new ExportFailure(`The receiver did not answer within ${ms} ms. Check that it is up, and near.`),
        ),
      );
    });
    const cancel = this.#options.effects.after(ms, () => limit.abort());
    try {
      return await Promise.race([run(limit.signal), expired]);
    } finally {
      cancel();
    }
  }
}

function bodyOf(spans: readonly ReadableSpan[]): Uint8Array {
  return JsonTraceSerializer.serializeRequest([...spans]) ?? new Uint8Array();
}
