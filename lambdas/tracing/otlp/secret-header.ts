import type { HttpRequest } from '@smithy/protocol-http';
import { ExportFailure } from './export-failure.ts';
import type { Authorization } from './otlp-exporter.ts';
import type { TracingEffects } from './tracing-effects.ts';

/** After a refusal, the secret is read again at most this often. */
export const secretMinAgeMs = 300_000;

/** What Node accepts as the value of a header, without its error, which could be logged. */
const headerValue = /^[\t\x20-\x7e]+$/;

/** A header whose value is in a secret. */
export class SecretHeader implements Authorization {
  readonly #name: string;
  readonly #fetch: () => Promise<string | undefined>;
  readonly #effects: Pick<TracingEffects, 'elapsed'>;
  #value: Promise<string> | undefined;
  #fetchedAt = 0;

  /** `fetch` reads the secret. It takes a bounded time. */
  constructor(
    name: string,
    fetch: () => Promise<string | undefined>,
    effects: Pick<TracingEffects, 'elapsed'>,
  ) {
    this.#name = name;
    this.#fetch = fetch;
    this.#effects = effects;
  }

  async authorize(request: HttpRequest): Promise<HttpRequest> {
    this.#value ??= this.#read();
    request.headers[this.#name] = await this.#value;
    return request;
  }

  /** The secret may have been rotated. */
  refused(): void {
    if (this.#effects.elapsed() - this.#fetchedAt >= secretMinAgeMs) this.#value = undefined;
  }

  async #read(): Promise<string> {
    this.#fetchedAt = this.#effects.elapsed();
    try {
      return valid(await this.#fetch());
    } catch (error) {
      // The next export after the silence tries again.
      this.#value = undefined;
      if (error instanceof ExportFailure) throw error;
      throw new ExportFailure(
        `The secret with the header's value could not be read (${(error as Error | undefined)?.name}). Check its ARN, and that the function's role may read it.`,
      );
    }
  }
}

function valid(secret: string | undefined): string {
  // Editors add a line break to the end of a file.
  const value = secret?.trim() ?? '';
  if (headerValue.test(value)) return value;
  throw new ExportFailure("The secret must be the header's value: one line of printable ASCII characters.");
}
