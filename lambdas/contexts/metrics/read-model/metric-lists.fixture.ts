import { at } from '../domain/metrics.fixture.ts';
import type { MetricsUnderTest } from '../metrics-under-test.fixture.ts';

/** A page of the list of metrics, as far as specs look at it. */
interface Page {
  readonly items: readonly { readonly id: string; readonly name: string; readonly status: string }[];
  readonly next?: string;
}

/** What a metric has beside its id, which is its name unless there is another; `due`: seconds from the start. */
interface Made {
  readonly name?: string;
  readonly due?: number;
  readonly value?: number;
}

/** Makes the metrics of a spec, and lists them. */
export function metricLists(underTest: () => MetricsUnderTest) {
  return {
    /** Creates a metric under an id of the spec's choosing, with a target where it is due, and projects it. */
    make: async (id: string, { name = id, due, value }: Made = {}): Promise<void> => {
      const api = underTest();
      const { now } = api.clock;
      await api.send(id, { type: 'Create', name, now });
      if (due !== undefined) await api.send(id, { type: 'SetTarget', value: 100, deadline: at(due), now });
      if (value !== undefined) await api.send(id, { type: 'RecordValues', values: [{ value }], now });
      await api.project(id);
    },
    /** Throws where there is no list. */
    list: async (query = ''): Promise<Page> => {
      const { status, body } = await underTest().get('/metrics', query);
      if (status !== 200) throw new Error(`GET /metrics${query} answered ${status}.`);
      return body as unknown as Page;
    },
  };
}
