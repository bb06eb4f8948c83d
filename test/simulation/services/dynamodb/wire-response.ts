import { wireBody } from './wire.ts';

/** The response that middlewares of the step `deserialize` see. The body exists if one asks for it. */
export class WireResponse {
  readonly statusCode = 200;
  readonly #output: object;
  readonly #nowMs: number;
  #body: Buffer | undefined;

  constructor(output: object, nowMs: number) {
    this.#output = output;
    this.#nowMs = nowMs;
  }

  get headers(): Readonly<Record<string, string>> {
    return { date: new Date(this.#nowMs).toUTCString() };
  }

  get body(): Buffer {
    this.#body ??= wireBody(this.#output);
    return this.#body;
  }

  set body(body: Buffer) {
    this.#body = body;
  }
}
