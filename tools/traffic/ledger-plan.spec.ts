import { describe, expect, it } from '@jest/globals';
import { accountPlan, accountsMin, ledgerSteps, type Step } from './ledger-plan.ts';

function steps(seed: number, accounts: number, count = 5_000): Step[] {
  const plan = ledgerSteps(seed, accounts);
  return Array.from({ length: count }, () => plan.next().value);
}

describe('ledgerSteps', () => {
  it('plans the same for the same seed', () => {
    expect(steps(5, 100)).toEqual(steps(5, 100));
    expect(steps(5, 100)).not.toEqual(steps(6, 100));
  });

  it('plans every kind of step', () => {
    const kinds = new Set(steps(1, 100).map(({ kind }) => kind));
    expect([...kinds].sort()).toEqual([
      'brief-account',
      'credit',
      'currency-mismatch',
      'debit',
      'fresh-read',
      'impossible-debit',
      'repeat',
      'reused-key',
      'stale-version',
      'too-many-decimals',
      'transfer',
      'unknown-account',
    ]);
  });

  it.each([accountsMin, accountsMin + 1, 101])(
    'names two of %i accounts that share a currency',
    (accounts) => {
      for (const { account, other } of steps(3, accounts)) {
        expect(Math.max(account, other)).toBeLessThan(accounts);
        expect(other).not.toBe(account);
        expect(accountPlan(other).currency).toBe(accountPlan(account).currency);
      }
    },
  );

  it('makes a few accounts hot', () => {
    const all = steps(2, 1_000);
    const hot = all.filter(({ account }) => account < 8).length;
    expect(hot / all.length).toBeGreaterThan(0.15);
    expect(new Set(all.map(({ account }) => account)).size).toBeGreaterThan(900);
  });

  it('plans no amount of nothing', () => {
    for (const { fraction } of steps(4, 50)) {
      expect(fraction).toBeGreaterThan(0);
      expect(fraction).toBeLessThanOrEqual(1);
    }
  });
});

describe('accountPlan', () => {
  const plans = Array.from({ length: 100 }, (_, index) => accountPlan(index));

  it('uses several currencies and both ways to open an account', () => {
    expect(new Set(plans.map(({ currency }) => currency))).toEqual(new Set(['USD', 'EUR', 'JPY', 'BHD']));
    expect(new Set(plans.map(({ openedBy }) => openedBy))).toEqual(new Set(['credit', 'request']));
  });

  it('gives names and limits only to accounts whose opening can carry them', () => {
    const plain = plans.filter(({ openedBy }) => openedBy === 'credit');
    expect(plain.filter(({ name, overdraftLimitMinorUnits }) => name || overdraftLimitMinorUnits)).toEqual(
      [],
    );
    expect(plans.some(({ name }) => name !== undefined)).toBe(true);
    expect(plans.some(({ overdraftLimitMinorUnits }) => overdraftLimitMinorUnits > 0)).toBe(true);
  });
});
