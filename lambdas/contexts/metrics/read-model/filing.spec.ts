import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  type GenerationState,
  initialGenerations,
  type RowChange,
  silentObserver,
} from '../../../kernel/index.ts';
import { MemoryBookmarks, MemoryReadModel } from '../../../kernel/memory/index.ts';
import type { Measurement } from '../domain/metric.ts';
import { at } from '../domain/metrics.fixture.ts';
import { type FilingDependencies, fileMetrics, filingState, unfiledRows } from './filing.ts';
import { type MetricRow, metricsProjection } from './projection.ts';

/** A read model that counts how often each metric is saved. */
class CountingReadModel extends MemoryReadModel<MetricRow, Measurement> {
  readonly saved = new Map<string, number>();
  failing = '';
  failure = 'ServiceUnavailable';

  override async save(change: RowChange<MetricRow, Measurement>) {
    if (change.id.match(this.failing)?.[0]) throw Object.assign(new Error('No.'), { name: this.failure });
    const result = await super.save(change);
    if (result === 'saved') this.saved.set(change.id, (this.saved.get(change.id) ?? 0) + 1);
    return result;
  }
}

let readModel: CountingReadModel;
let bookmarks: MemoryBookmarks;
let warnings: string[];
let details: object[];
beforeEach(() => {
  readModel = new CountingReadModel(metricsProjection);
  bookmarks = new MemoryBookmarks();
  [warnings, details] = [[], []];
});

const file = (now: string, hasTime = () => true, replaced: Partial<FilingDependencies> = {}) => {
  const warn = (message: string, more: object) => {
    warnings.push(message);
    details.push(more);
  };
  const observer = { ...silentObserver, warn };
  return fileMetrics({ readModel, bookmarks, observer, ...replaced }, now, hasTime);
};
const isFiled = () => filingState(bookmarks)();

async function make(count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => `m${String(index).padStart(4, '0')}`);
  for (const id of ids) {
    const row: MetricRow = {
      id,
      name: id,
      updatedAt: at(0),
      metric: { status: 'live', createdAt: at(0) },
    };
    await readModel.save({ id, expectedVersion: 0, version: 3, row, lines: [] });
  }
  readModel.saved.clear();
  return ids;
}

function times(count: number): () => boolean {
  let left = count;
  return () => {
    left -= 1;
    return left >= 0;
  };
}

describe('filing metrics', () => {
  it('waits for the version before also without metrics: it may save the first one', async () => {
    expect(await isFiled()).toBe(false);
    await file(at(0));
    const [id = ''] = await make(1);
    await file(at(899));
    expect(await isFiled()).toBe(false);
    await file(at(900));
    expect([await isFiled(), readModel.saved.get(id)]).toEqual([true, 1]);
  });

  it('has nothing to do if there are still no metrics then', async () => {
    for (const time of [0, 900]) await file(at(time));
    expect(await isFiled()).toBe(true);
  });

  it('skips a metric that is refused for good, says which, and files the others', async () => {
    await make(150);
    await file(at(0));
    Object.assign(readModel, { failing: 'm0020', failure: 'ValidationException' });
    await file(at(900));
    expect([readModel.saved.size, await isFiled()]).toEqual([149, true]);
    expect(warnings).toEqual([
      'Metrics could not be filed by status and are skipped. Their next event files them.',
    ]);
    expect(details).toMatchObject([{ count: 1, metrics: ['m0020'] }]);
  });

  it('skips nothing if a whole page is refused: the reason is not the metrics', async () => {
    await make(150);
    await file(at(0));
    Object.assign(readModel, { failing: 'm', failure: 'OddException' });
    await file(at(900));
    readModel.failing = '';
    await file(at(901));
    expect([readModel.saved.size, await isFiled()]).toEqual([150, true]);
  });

  it('begins when the version before has ended, and saves each metric once, as it is', async () => {
    const ids = await make(230);
    await file(at(0));
    await file(at(899));
    expect([readModel.saved.size, await isFiled()]).toEqual([0, false]);
    await file(at(900));
    expect(readModel.saved).toEqual(new Map(ids.map((id) => [id, 1])));
    expect(await isFiled()).toBe(true);
    expect(await readModel.find('m0000')).toMatchObject({ version: 3, row: { name: 'm0000' } });
    await file(at(999));
    expect(readModel.saved.size).toBe(230);
  });

  it('continues where the last run stopped', async () => {
    const ids = await make(250);
    await file(at(0));
    for (let run = 0; run < 2; run += 1) {
      await file(at(900 + run), times(1));
      expect([readModel.saved.size, await isFiled()]).toEqual([100 * (run + 1), false]);
    }
    await file(at(903));
    expect(readModel.saved).toEqual(new Map(ids.map((id) => [id, 1])));
    expect(await isFiled()).toBe(true);
  });

  it('tries a page again that an outage stops, says so, and is not done before', async () => {
    await make(150);
    await file(at(0));
    readModel.failing = 'm0120';
    for (let run = 0; run < 2; run += 1) await file(at(900 + run));
    expect(await isFiled()).toBe(false);
    expect(warnings).toEqual(
      Array(2).fill('Metrics could not be filed by status. The next run tries again.'),
    );
    readModel.failing = '';
    await file(at(903));
    expect(await isFiled()).toBe(true);
    expect(readModel.saved.get('m0120')).toBe(1);
  });

  it('leaves a metric as it is that has changed meanwhile', async () => {
    await make(1);
    await file(at(0));
    const list: FilingDependencies['readModel']['list'] = async (...args) => {
      const page = await readModel.list(...args);
      const [first] = page.rows;
      if (first === undefined) return page;
      await readModel.save({
        id: first.row.id,
        expectedVersion: 3,
        version: 4,
        row: { ...first.row, name: 'changed' },
        lines: [],
      });
      return page;
    };
    await file(at(900), () => true, { readModel: { list, save: (change) => readModel.save(change) } });
    expect(await readModel.find('m0000')).toMatchObject({ version: 4, row: { name: 'changed' } });
    expect(await isFiled()).toBe(true);
  });

  describe('of several generations', () => {
    const at0 = at(0);
    const building = {
      generation: 'g2',
      phase: 'compared',
      segments: 1,
      startedAt: at0,
      followingSince: at0,
    } as const;
    const switched: GenerationState = { revision: 3, last: 2, active: 'g2', previous: 'g1' };
    const unfiled = (state: GenerationState) => ({
      readModel: unfiledRows({ current: async () => state }, (generation) => {
        if (generation !== 'g1') throw new Error('Later generations are filed when they are built.');
        return readModel;
      }),
    });

    it.each<readonly [string, GenerationState]>([
      ['the only one', initialGenerations],
      ['active beside the next one', { ...initialGenerations, last: 2, building }],
      ['the previous one, to which an undo can return', switched],
    ])('files the first one while it is %s', async (_name, state) => {
      const ids = await make(3);
      for (const time of [0, 900]) await file(at(time), undefined, unfiled(state));
      expect([await isFiled(), [...readModel.saved.keys()]]).toEqual([true, ids]);
    });

    it('is done when the first one was given up', async () => {
      await make(3);
      const { previous: _, ...dropped } = switched;
      for (const time of [0, 900]) await file(at(time), undefined, unfiled(dropped));
      expect([await isFiled(), readModel.saved.size]).toEqual([true, 0]);
    });

    it('saves no row of the first one after it was given up', async () => {
      const { previous: _, ...dropped } = switched;
      const rows = unfiled(dropped).readModel;
      const change = { id: 'a', expectedVersion: 0, version: 1, row: {} as never, lines: [] };
      expect([await rows.save(change), readModel.saved.size]).toEqual(['stale', 0]);
    });
  });
});
