import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '../../../lambdas/kernel/index.ts';
import { foldCommits } from '../../../lambdas/kernel/index.ts';
import { definitionsIn } from './definitions.ts';

type Version = Parameters<typeof definitionsIn>[0];
type Commit = Parameters<typeof foldCommits>[2] extends Iterable<infer Each> ? Each : never;

const at = '2026-03-01T08:00:00.000Z';
const opened = { type: 'Ledger:Opened', schemaVersion: 1, data: { currency: 'USD', overdraftLimit: 0 } };
const credited = { type: 'Ledger:Credited', schemaVersion: 1, data: { amount: 500 } };
const newer = { type: 'Ledger:Credited', schemaVersion: 2, data: { amount: 301, fee: 1 } };

function rowOf(
  version: Version,
  events: readonly Omit<StoredEvent, 'id'>[],
  from?: { version: number; row: object },
) {
  const [own] = definitionsIn(version).readModelOf.ledger.projections;
  if (own === undefined) throw new Error('The ledger has no projection.');
  const first = (from?.version ?? 0) + 1;
  const stored = events.map((event, index) => ({ ...event, id: `e${index}` }));
  const commit = { stream: 'ledger/a', version: first, events: stored, committedAt: at } as Commit;
  return foldCommits(own.projection, from, [commit]);
}

describe('the versions of the code', () => {
  it('write events that the current one cannot read, and the release between can', () => {
    const command = { type: 'Credit', amount: '3.00' } as const;
    const decide = (version: Version) => {
      const { decider } = definitionsIn(version).contexts.ledger;
      return decider.decide(command, { status: 'open', currency: 'USD', balance: 0, overdraftLimit: 0 });
    };
    const written = { type: 'Ledger:Credited', data: { amount: 301, fee: 1 } };
    expect(decide('next')).toEqual([written]);
    expect(decide('reader')).toEqual([{ type: 'Ledger:Credited', data: { amount: 300 } }]);
    expect(() => rowOf('current', [opened, newer])).toThrow('this code reads 1 to 1');
    for (const version of ['reader', 'next'] as const) {
      expect(rowOf(version, [opened, credited, newer])?.row).toMatchObject({ balance: 800 });
    }
  });

  it('have rows with one more field, which is missing or wrong where earlier code was at work', () => {
    expect(rowOf('next', [opened, credited, newer])?.row).toMatchObject({ credits: 2 });
    const begun = rowOf('current', [opened, credited]) as { version: number; row: object };
    expect(rowOf('next', [newer], begun)?.row).not.toHaveProperty('credits');
    const ofNext = rowOf('next', [opened, newer]) as { version: number; row: object };
    expect(rowOf('current', [credited], ofNext)?.row).toMatchObject({ balance: 800, credits: 1 });
    const rowVersions = (['current', 'reader', 'next'] as const).map(
      (version) => definitionsIn(version).sealedProjections.get('ledger')?.rowVersion ?? 1,
    );
    expect(rowVersions).toEqual([1, 1, 2]);
  });
});
