import { expect } from '@jest/globals';
import {
  photoOf,
  prescriptionLines,
} from '../../lambdas/contexts/dispense/automations/analysis/prescription-photo.fixture.ts';
import { httpClient } from './http-client.ts';
import { until } from './until.ts';

const photo = photoOf(prescriptionLines);

/** The answer about an analysis. */
export interface Analysis {
  readonly outcome: string;
  readonly reason?: string;
}

/** The analysis of a picture: it takes seconds, so that there is time to kill who reads it. */
export class SlowAnalysis {
  readonly #call: ReturnType<typeof httpClient>;
  readonly #id: string;

  private constructor(baseUrl: string, id: string) {
    this.#call = httpClient(() => baseUrl);
    this.#id = id;
  }

  /** Starts a dispense and uploads the picture. */
  static async begin(baseUrl: string): Promise<SlowAnalysis> {
    const started = await httpClient(() => baseUrl)('POST', '/dispenses', {});
    const id = String(started.body['id']);
    const uploaded = await fetch(`${baseUrl}/dispenses/${id}/prescription`, {
      method: 'PUT',
      headers: { 'content-type': 'image/png' },
      body: new Uint8Array(photo),
    });
    expect(uploaded.status).toBe(200);
    return new SlowAnalysis(baseUrl, id);
  }

  /** Its result. `meanwhile` is called again and again until there is one. */
  result(deadlineMs: number, meanwhile: () => Promise<void> = async () => undefined): Promise<Analysis> {
    const ask = async (): Promise<Analysis | undefined> => {
      await meanwhile();
      const { body } = await this.#call('GET', `/dispenses/${this.#id}`);
      return (body['prescription'] as { analysis?: Analysis } | undefined)?.analysis;
    };
    return until(ask, (analysis) => analysis !== undefined, deadlineMs) as Promise<Analysis>;
  }

  /** Expects that a person is asked to look at the document. */
  async expectReview(): Promise<void> {
    const path = `/todos?subject=dispense/${this.#id}&kind=review-analysis`;
    const items = async () => (await this.#call('GET', path)).body['items'] as object[];
    expect(await until(items, ({ length }) => length > 0)).toMatchObject([{ status: 'open' }]);
  }
}

/** What is recorded about an upload that kills the analyzer. */
export const unread: Analysis = {
  outcome: 'failed',
  reason: 'The document could not be read. Upload a better picture, or enter the drugs by hand.',
};
