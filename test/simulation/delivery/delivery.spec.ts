import { describe, expect, it } from '@jest/globals';
import { deliveryOf } from './delivery.fixture.ts';

describe('the delivery to the functions', () => {
  it('carries every commit of the log to the publisher, of the event stream to each projector, of a queue to its consumer', async () => {
    const all = deliveryOf();
    all.append('ledger/a', 1);
    all.append('ledger/b', 1);
    all.publish('ledger/a@1', 'metrics/b@1');
    all.send('todo', 'ledger/a@1');
    all.send('segments', 'ledger/a@1');
    all.send('findings', 'dispense/c@1');
    expect(all.delivery.isDrained).toBe(false);
    await all.run();
    const places = (name: Parameters<typeof all.gotBy>[0]) => all.gotBy(name).flatMap((got) => got.places);
    expect(places('publisher')).toEqual(['ledger/a@1', 'ledger/b@1']);
    for (const context of ['ledger', 'metrics', 'dispense'] as const) {
      expect(places(`${context}-projector`)).toEqual(['ledger/a@1', 'metrics/b@1']);
    }
    expect(places('todo-projector')).toEqual(['ledger/a@1']);
    expect(places('segment-sealer')).toEqual(['ledger/a@1']);
    expect(places('prescription-recorder')).toEqual(['dispense/c@1']);
    expect(all.delivery.isDrained).toBe(true);
    expect(all.delivery.describe()).toEqual([]);
  });
});
