import type { HttpClient, Reply } from './http-client.ts';
import { until } from './until.ts';

const deadlineMs = 120_000;

/** What a test does with the persons of a running host. */
export class Persons {
  readonly #call: HttpClient;

  constructor(call: HttpClient) {
    this.#call = call;
  }

  /** The ids of the persons who are found now. */
  async search(search: {
    readonly identifier: string;
    readonly birthDate?: string;
  }): Promise<readonly string[]> {
    const { status, body } = await this.#call('POST', '/persons/search', search);
    if (status !== 200) throw new Error(`The search was answered ${status} ${String(body['type'])}.`);
    return (body['persons'] as { readonly id: string }[]).map(({ id }) => id);
  }

  /** The id of the one person with this identifier, once the index has the person and so many streams. */
  async found(identifier: string, streams = 1): Promise<string> {
    const [id = ''] = await until(
      () => this.search({ identifier }),
      ({ length }) => length === 1,
      deadlineMs,
    );
    await until(
      () => this.#call('GET', `/persons/${id}`),
      ({ body }) => (body['streams'] as string[]).length === streams,
      deadlineMs,
    );
    return id;
  }

  erase(id: string): Promise<Reply> {
    return this.#call('POST', `/persons/${id}/erase`, { legalGround: 'consent-withdrawn' });
  }

  /** Waits until a person is erased. `meanwhile` is called again and again. */
  erased(id: string, meanwhile: () => unknown = () => undefined): Promise<Reply> {
    return until(
      async () => {
        await meanwhile();
        return this.#call('GET', `/persons/${id}`);
      },
      ({ body }) => body['state'] === 'erased',
      deadlineMs,
    );
  }
}
