import { at } from '../domain/metrics.fixture.ts';
import type { MetricsUnderTest } from '../metrics-under-test.fixture.ts';

/** A page of the list of metrics, with the fields that specs check. */
interface Page {
  readonly items: readonly { readonly id: string; readonly name: string; readonly status: string }[];
  readonly next?: string;
}

/** A new metric. `name`: default is the id. `due`: deadline of its target, in seconds from the start. */
interface NewMetric {
  readonly name?: string;
  readonly due?: number;
  readonly value?: number;
}

/** Creates the metrics of a spec, and lists them. */
export function metricLists(underTest: () => MetricsUnderTest) {
  return {
    /** Creates a metric with this id and projects it. It has a target only with `due`. */
    make: async (id: string, { name = id, due, value }: NewMetric = {}): Promise<void> => {
      const api = underTest();
      const { now } = api.clock;
      await api.send(id, { type: 'Create', name, now });
      if (due !== undefined) await api.send(id, { type: 'SetTarget', value: 100, deadline: at(due), now });
      if (value !== undefined) await api.send(id, { type: 'RecordValues', values: [{ value }], now });
      await api.project(id);
    },
    /** A page of the list. Throws for an answer other than 200. */
    list: async (query = ''): Promise<Page> => {
      const { status, body } = await underTest().get('/metrics', query);
      if (status !== 200) throw new Error(`GET /metrics${query} answered ${status}.`);
      return body as unknown as Page;
    },
  };
}
