import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checked } from './chain.ts';
import { type Commit, lastVersionOf } from './commit.ts';
import { type CommitPage, type FetchPage, type PageRange, readAhead, readInOrder } from './read-ahead.ts';
import { commitAt } from './testing/commits.fixture.ts';

const stream = 'test/long';

/** A stream whose commits have these numbers of events. */
function streamOf(counts: readonly number[]): Commit[] {
  let version = 1;
  return counts.map((count) => {
    const commit = commitAt(stream, version, count);
    version += count;
    return commit;
  });
}

const ones = (count: number) => streamOf(Array<number>(count).fill(1));

/** A store whose responses have at most `pageCommits` commits of `commitBytes` each. It notes what it was asked. */
class Store {
  readonly asked: PageRange[] = [];
  readonly signals: AbortSignal[] = [];
  commits: Commit[];
  /** Called when a page is asked for, before it is read. */
  onFetch: (range: PageRange) => Promise<unknown> | undefined = () => undefined;
  readonly #pageCommits: number;
  readonly #commitBytes: (version: number) => number;

  constructor(
    commits: readonly Commit[],
    { pageCommits = 1_000, commitBytes = 2_048 as number | ((version: number) => number) } = {},
  ) {
    this.commits = [...commits];
    this.#pageCommits = pageCommits;
    this.#commitBytes = typeof commitBytes === 'number' ? () => commitBytes : commitBytes;
  }

  readonly fetch: FetchPage = async (range, signal) => {
    this.asked.push(range);
    this.signals.push(signal);
    await this.onFetch(range);
    const { from, to = Number.POSITIVE_INFINITY, maxCommits = Number.POSITIVE_INFINITY } = range;
    const all = this.commits.filter(({ version }) => version >= from && version <= to);
    const commits = all.slice(0, Math.min(maxCommits, this.#pageCommits));
    const cutAfter = commits.length < all.length ? commits.at(-1)?.version : undefined;
    return {
      commits: () => commits,
      cutAfter,
      bytes: commits.reduce((bytes, { version }) => bytes + this.#commitBytes(version), 0),
    } satisfies CommitPage;
  };
}

const readAll = async (store: Store, from = 1, to?: number) =>
  (await Array.fromAsync(checked(readAhead(store.fetch, { from, to }), from))).flat();

describe('reading ahead', () => {
  it('asks once for a short stream, and for one that does not exist', async () => {
    for (const count of [0, 1, 100]) {
      const store = new Store(ones(count));
      expect(await readAll(store)).toHaveLength(count);
      expect(store.asked).toHaveLength(1);
    }
  });

  it('asks for the next pages before the caller has the first one, and for no more than two', async () => {
    const store = new Store(ones(10_000));
    const pages = readAhead(store.fetch, { from: 1 })[Symbol.asyncIterator]();
    expect((await pages.next()).value).toHaveLength(100);
    expect(store.asked.slice(1)).toEqual([
      { from: 101, to: 356 },
      { from: 357, to: 612 },
    ]);
    expect((await pages.next()).value).toHaveLength(256);
    expect(store.asked.slice(3)).toEqual([{ from: 613, to: 868 }]);
    await pages.return?.();
  });

  it.each([
    ['smaller commits', ones(20_000)],
    ['commits of more events', streamOf(Array.from({ length: 1_100 }, (_, at) => (at < 100 ? 1 : 1_000)))],
  ])('asks for wider ranges when large commits are followed by %s', async (_name, commits) => {
    const commitBytes = (version: number) => (version <= 100 ? 10_000 : 100);
    const store = new Store(commits, { pageCommits: 10_000, commitBytes });
    for await (const _ of readAhead(store.fetch, { from: 1 }));
    expect(store.asked.length).toBeLessThan(40);
  });

  it('goes on without an end after a range that is not whole, because the stream may end there', async () => {
    const short = new Store(ones(500));
    expect(await readAll(short)).toHaveLength(500);
    expect(short.asked).toEqual([
      { from: 1, maxCommits: 100 },
      { from: 101, to: 356 },
      { from: 357, to: 612 },
      { from: 613, to: 868 },
      { from: 501, maxCommits: 100 },
    ]);
    const cut = new Store(ones(500), { pageCommits: 200 });
    expect(await readAll(cut)).toHaveLength(500);
    expect(cut.asked.slice(3, 4)).toEqual([{ from: 301, maxCommits: 100 }]);
  });

  it('returns every commit once and in order, whatever the commits have and however responses are cut', async () => {
    const counts = fc.array(fc.oneof(fc.constant(1), fc.integer({ min: 1, max: 2_000 })), { maxLength: 700 });
    const store = fc.record({
      pageCommits: fc.integer({ min: 1, max: 300 }),
      commitBytes: fc.integer({ min: 200, max: 400_000 }),
    });
    await fc.assert(
      fc.asyncProperty(counts, store, fc.nat(), async (sizes, options, place) => {
        const all = streamOf(sizes);
        expect(await readAll(new Store(all, options))).toEqual(all);
        const from = all[place % (all.length + 1)]?.version ?? (lastVersion(all) ?? 0) + 1;
        const rest = all.filter(({ version }) => version >= from);
        expect(await readAll(new Store(all, options), from)).toEqual(rest);
        const to = place % ((lastVersion(all) ?? 0) + 2);
        const before = all.filter(({ version }) => version <= to);
        const bounded = new Store(all, options);
        expect(await readAll(bounded, 1, to)).toEqual(before);
        expect(bounded.asked.every((asked) => asked.from <= to && (asked.to ?? to + 1) <= to)).toBe(true);
      }),
      { numRuns: 50 },
    );
  });

  it('asks for nothing after the highest version', async () => {
    const store = new Store(ones(10_000));
    expect(await readAll(store, 1, 500)).toHaveLength(500);
    expect(store.asked).toEqual([
      { from: 1, to: 500, maxCommits: 100 },
      { from: 101, to: 356 },
      { from: 357, to: 500 },
    ]);
    const empty = new Store(ones(10));
    expect(await readAll(empty, 5, 4)).toEqual([]);
    expect(empty.asked).toEqual([]);
  });

  it('asks whether to read on, only after a first page that is not all, and requests nothing before the answer', async () => {
    const versions: number[] = [];
    const read = async (store: Store, to?: number) => {
      const readsOn = async (version: number) => {
        versions.push(version);
        await new Promise(setImmediate);
        expect(store.asked).toHaveLength(1);
        return answer;
      };
      return (await Array.fromAsync(checked(readAhead(store.fetch, { from: 1, to, readsOn })))).flat();
    };
    let answer = true;
    for (const count of [0, 1, 100]) expect(await read(new Store(ones(count)))).toHaveLength(count);
    expect(await read(new Store(ones(500)), 100)).toHaveLength(100);
    expect(versions).toEqual([]);
    const long = new Store(streamOf(Array<number>(500).fill(3)));
    expect(await read(long)).toEqual(long.commits);
    expect(long.asked.slice(1, 3)).toEqual([
      { from: 299, to: 1_060 },
      { from: 1_061, to: 1_822 },
    ]);
    answer = false;
    const left = new Store(ones(500));
    expect(await read(left)).toHaveLength(100);
    expect(left.asked).toHaveLength(1);
    expect(versions).toEqual([300, 100]);
  });

  it('misses nothing of a stream that grows between its requests', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 400 }),
        fc.infiniteStream(fc.nat(200)),
        async (count, growth) => {
          const all = ones(3_000);
          const store = new Store(all.slice(0, count));
          // The first of two requests is read before the stream grows, and the second one after that.
          store.onFetch = async () => {
            const size = store.commits.length + (growth.next().value ?? 0);
            if (store.asked.length < 20) store.commits = all.slice(0, size);
          };
          const read = await readAll(store);
          expect(read).toEqual(all.slice(0, read.length));
          expect(read.length).toBeGreaterThanOrEqual(count);
        },
      ),
      { numRuns: 50 },
    );
  });

  it('shows a commit that is missing', async () => {
    for (const missing of [50, 101, 300, 357, 990]) {
      const store = new Store(ones(1_000).filter(({ version }) => version !== missing));
      await expect(readAll(store)).rejects.toThrow(`Version ${missing} of the stream is missing`);
    }
  });

  it('throws the error of a later page after the pages before it', async () => {
    const store = new Store(ones(2_000));
    store.onFetch = async ({ from }) => {
      if (from === 357) throw new Error('throttled');
    };
    const versions: (number | undefined)[] = [];
    const reading = (async () => {
      for await (const page of readAhead(store.fetch, { from: 1 })) {
        // The later request has failed by now.
        await new Promise(setImmediate);
        versions.push(lastVersion(page));
      }
    })();
    await expect(reading).rejects.toThrow('throttled');
    expect(versions).toEqual([100, 356]);
    expect(store.signals.every(({ aborted }) => aborted)).toBe(true);
  });

  it('throws the fault of a commit in its turn', async () => {
    const { fetch } = new Store(ones(2_000));
    const faulty: FetchPage = async (range, signal) => {
      const page = await fetch(range, signal);
      const commits = () => {
        if (range.from === 357) throw new Error('unreadable');
        return page.commits();
      };
      return { ...page, commits };
    };
    const versions: (number | undefined)[] = [];
    const reading = (async () => {
      for await (const page of readAhead(faulty, { from: 1 })) versions.push(lastVersion(page));
    })();
    await expect(reading).rejects.toThrow('unreadable');
    expect(versions).toEqual([100, 356]);
  });

  it('aborts its requests if the caller stops early, and reports nothing of them', async () => {
    const store = new Store(ones(2_000));
    const open = new Set<PageRange>();
    store.onFetch = (range) => {
      if (range.to === undefined) return undefined;
      open.add(range);
      const signal = store.signals.at(-1);
      return new Promise((_resolve, reject) =>
        signal?.addEventListener('abort', () => {
          open.delete(range);
          reject(new Error('aborted'));
        }),
      );
    };
    const unhandled: unknown[] = [];
    const note = (error: unknown) => unhandled.push(error);
    process.on('unhandledRejection', note);
    for await (const page of readAhead(store.fetch, { from: 1 })) {
      expect(page).toHaveLength(100);
      expect(open.size).toBe(2);
      break;
    }
    await new Promise(setImmediate);
    process.off('unhandledRejection', note);
    expect(open.size).toBe(0);
    expect(unhandled).toEqual([]);
  });
});

describe('reading in order', () => {
  it('asks for a page when the caller wants it', async () => {
    const store = new Store(ones(25));
    const pages = readInOrder(store.fetch, { from: 3, maxCommits: 10 })[Symbol.asyncIterator]();
    expect((await pages.next()).value).toHaveLength(10);
    expect(store.asked).toEqual([{ from: 3, maxCommits: 10 }]);
    expect((await pages.next()).value).toHaveLength(10);
    expect(lastVersion((await pages.next()).value)).toBe(25);
    expect(await pages.next()).toEqual({ done: true, value: undefined });
    const upTo = new Store(ones(25));
    const bounded = readInOrder(upTo.fetch, { from: 1, to: 10, maxCommits: 10 });
    expect((await Array.fromAsync(bounded)).flat()).toHaveLength(10);
    expect(upTo.asked).toHaveLength(1);
  });
});

function lastVersion(commits: readonly Commit[]): number | undefined {
  const last = commits.at(-1);
  return last && lastVersionOf(last);
}
