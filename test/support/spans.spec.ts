import { describe, expect, it } from '@jest/globals';
import type { TracesPayload } from '../../tools/host/traces/otlp-spans.ts';
import { spansIn, treeOf } from './spans.ts';

const attribute = (key: string, value: object) => ({ key, value });
const payload: TracesPayload = {
  resourceSpans: [
    {
      resource: { attributes: [attribute('service.name', { stringValue: 'api' })] },
      scopeSpans: [
        {
          spans: [
            {
              ...{ traceId: 'aa', spanId: '02', parentSpanId: '01', name: 'hydrate', kind: 1 },
              startTimeUnixNano: '1795721721252000001',
              attributes: [
                attribute('text', { stringValue: '' }),
                attribute('flag', { boolValue: false }),
                attribute('count', { intValue: 0 }),
                attribute('texts', { arrayValue: { values: [{ stringValue: 'a' }] } }),
              ],
              events: [{ name: 'conflict' }],
              links: [{ traceId: 'bb', spanId: '09' }],
              status: { code: 2 },
            },
            {
              ...{ traceId: 'aa', spanId: '01', parentSpanId: '', name: 'POST', kind: 2 },
              startTimeUnixNano: '1795721721252000000',
            },
          ],
        },
      ],
    },
  ],
};

describe('the spans of OTLP/JSON', () => {
  it('have the service of their resource, attributes, events, links and a status', () => {
    expect(spansIn(payload)).toEqual([
      {
        ...{
          traceId: 'aa',
          spanId: '02',
          parentSpanId: '01',
          service: 'api',
          name: 'hydrate',
          kind: 'internal',
        },
        startNs: 1795721721252000001n,
        attributes: { text: '', flag: false, count: 0, texts: ['a'] },
        events: ['conflict'],
        links: [{ traceId: 'bb', spanId: '09' }],
        isError: true,
      },
      {
        ...{ traceId: 'aa', spanId: '01', service: 'api', name: 'POST', kind: 'server' },
        startNs: 1795721721252000000n,
        ...{ attributes: {}, events: [], links: [], isError: false },
      },
    ]);
    expect(spansIn({})).toEqual([]);
  });

  it('are a tree, in the order of their starts', () => {
    const [second, first] = spansIn(payload);
    if (first === undefined || second === undefined) throw new Error('There are two.');
    const orphan = {
      ...second,
      spanId: '04',
      parentSpanId: '99',
      name: 'orphan',
      startNs: first.startNs + 5n,
    };
    const third = { ...second, spanId: '03', name: 'append', startNs: first.startNs + 4n };
    expect(treeOf([third, orphan, second, first])).toEqual([
      'POST (api, server)',
      '  hydrate (api, internal)',
      '  append (api, internal)',
      'orphan (api, internal)',
    ]);
  });
});
