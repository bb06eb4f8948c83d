import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareKeys, foldCommits, type StoredEvent } from '../../../kernel/index.ts';
import { commitAt } from '../../../kernel/testing/index.ts';
import { createMetricRequest } from '../api/requests.ts';
import type { MetricEvent } from '../domain/events.ts';
import { archived, at, created, expired, reached, recorded, targetSet } from '../domain/metrics.fixture.ts';
import { recordedStreams } from '../domain/recorded-events.fixture.ts';
import { type MetricRow, metricsProjection } from './projection.ts';

/** Events as the log stores them. Their ids are `e1`, `e2` and so on. */
const stored = (...events: readonly MetricEvent[]): StoredEvent[] =>
  events.map((event, index) => ({ id: `e${index + 1}`, schemaVersion: 1, ...event }));

function fold(...events: readonly MetricEvent[]) {
  const commit = commitAt('metrics/m', 1, 1, { events: stored(...events), committedAt: at(500) });
  const folded = foldCommits(metricsProjection, undefined, [commit]);
  if (folded === undefined) throw new Error('Nothing was folded.');
  return folded;
}

const keysOf = (...events: readonly MetricEvent[]) => metricsProjection.listKeys(fold(...events).row);
const named = (name: string, id = 'm'): MetricRow => ({
  id,
  name,
  updatedAt: at(0),
  metric: { status: 'live', createdAt: at(0) },
});
const byName = (name: string, id?: string) => metricsProjection.listKeys(named(name, id))['byName'] ?? '';

describe('the metrics projection', () => {
  it('folds a metric, a line for every value', () => {
    const events = recordedStreams['a metric that misses one target and reaches the next'] ?? [];
    const commits = [
      commitAt('metrics/m', 1, 1, { events: events.slice(0, 4), committedAt: at(1) }),
      commitAt('metrics/m', 5, 1, { events: events.slice(4), committedAt: at(2) }),
    ];
    expect(foldCommits(metricsProjection, undefined, commits)).toMatchObject({
      version: 8,
      row: {
        id: 'm',
        name: 'Monthly revenue',
        unit: 'EUR',
        description: 'Net of refunds',
        updatedAt: at(2),
        targetEventId: 'recorded',
        metric: {
          status: 'live',
          createdAt: '2026-01-01T00:00:00.000Z',
          current: { value: 112, at: '2026-01-03T09:00:00.000Z' },
          target: {
            value: 110,
            deadline: '2026-01-04T00:00:00.000Z',
            setAt: '2026-01-03T00:00:00.000Z',
            outcome: 'reached',
            reachedAt: '2026-01-03T09:00:00.000Z',
          },
        },
      },
      lines: [
        {
          key: '2026-01-01T12:00:00.000Z#0000000000000003',
          version: 3,
          line: { value: 80.5, at: '2026-01-01T12:00:00.000Z' },
        },
        {
          key: '2026-01-01T06:00:00.000Z#0000000000000004',
          version: 4,
          line: { value: 60, at: '2026-01-01T06:00:00.000Z' },
        },
        {
          key: '2026-01-03T09:00:00.000Z#0000000000000007',
          version: 7,
          line: { value: 112, at: '2026-01-03T09:00:00.000Z' },
        },
      ],
    });
  });

  it('sorts lines by the instant of measurement, then by the order of recording', () => {
    const values = Array.from({ length: 12 }, (_, index) => recorded(index, at(index === 0 ? 9 : 5)));
    const lines = fold(created(), ...values).lines.toSorted((a, b) => compareKeys(a.key, b.key));
    expect(lines.map(({ line }) => line.value)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 0]);
  });

  it('has the id of the event that set the current target', () => {
    const { row } = fold(
      created(),
      targetSet(1, at(9), at(1)),
      targetSet(2, at(9), at(2)),
      recorded(1, at(3)),
    );
    expect(row.targetEventId).toBe('e3');
    expect(fold(created()).row).not.toHaveProperty('targetEventId');
  });

  it('refuses a stream without its first event', () => {
    expect(() => fold(recorded(1, at(1)))).toThrow('does not begin with Metric:Created');
  });
});

describe('the lists of metrics', () => {
  const set = targetSet(100, at(60), at(10));

  it('include live metrics with a pending target in `due`', () => {
    expect(keysOf(created(), set)['due']).toBe(`${at(60)}#m`);
    expect(keysOf(created(), set, expired(100, at(60)), targetSet(1, at(90), at(70)))['due']).toBe(
      `${at(90)}#m`,
    );
    for (const events of [
      [created()],
      [created(), set, recorded(100, at(20)), reached(100, 100, at(20))],
      [created(), set, expired(100, at(60))],
      [created(), set, expired(100, at(60)), recorded(100, at(20)), reached(100, 100, at(20))],
      [created(), set, archived(at(20))],
    ]) {
      expect(keysOf(...events)['due']).toBeUndefined();
    }
  });

  it('include every metric by deadline, those without one last', () => {
    const [soon, late, never] = [
      keysOf(created(), set)['byDeadline'],
      keysOf(created(), targetSet(1, '9999-12-31T23:59:59.999Z', at(1)), archived(at(2)))['byDeadline'],
      keysOf(created())['byDeadline'],
    ];
    expect([never, late, soon].map(String).sort(compareKeys)).toEqual([soon, late, never]);
  });

  it('include every metric by name, ignoring case, encoding of accents and kind of spaces', () => {
    expect(byName('REVENUE')).toBe(byName('revenue'));
    expect(byName('Caf\u0065\u0301')).toBe(byName('Caf\u00e9'));
    expect(byName('net  revenue')).toBe(byName('Net\u00a0revenue'));
    expect(byName('a', 'm1')).not.toBe(byName('a', 'm2'));
  });

  it('have one key for all forms of a letter', () => {
    expect(byName('ΣΟΦΟΣ')).toBe(byName('σοφος'));
    expect(byName('ΣΟΦΟΣ')).toBe(byName('σοφοσ'));
    expect(byName('STRASSE')).toBe(byName('Straße'));
    expect(byName('İSTANBUL')).toBe(byName('istanbul'));
  });

  it('sort a name before those that begin with it', () => {
    const names = ['a', 'a b', 'a  b c', 'a!', 'a#', 'a-1', 'ab', 'b'];
    const sorted = names.toReversed().sort((a, b) => compareKeys(byName(a, 'zzz'), byName(b, '000')));
    expect(sorted).toEqual(names);
  });

  it('have keys within the limit of an index, for every valid name', () => {
    const grown = [
      '\u1fb7',
      '\u0390',
      '\ufb03',
      '\u0149',
      '\u0958',
      '\ufb2c',
      '\u{1d160}',
      '\u0130',
      '\u0344',
      '\uffff',
      '\u{10ffff}',
    ];
    const characters = fc.oneof(
      fc.constantFrom(...grown),
      fc.string({ unit: 'binary', minLength: 1, maxLength: 1 }),
    );
    const names = fc.array(characters, { minLength: 1, maxLength: 220 }).map((parts) => parts.join(''));
    const oneCharacter = grown.map((character) => [character.repeat(200 / character.length)] as [string]);
    fc.assert(
      fc.property(names, (name) => {
        const parsed = createMetricRequest.safeParse({ name });
        if (!parsed.success) return;
        expect(Buffer.byteLength(byName(parsed.data.name, 'x'.repeat(64)))).toBeLessThanOrEqual(1_024);
      }),
      { examples: oneCharacter },
    );
  });
});
