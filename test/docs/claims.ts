import { expect } from '@jest/globals';
import type { CurlCall } from './recorded-curl.ts';

/** What the text says about the answers of a block. */
export interface Claim {
  /** The block contains this text. */
  readonly block: string;
  /** Throws if the answers are others than the text says. */
  readonly check: (answers: readonly unknown[], calls: readonly CurlCall[]) => void;
}

const lastEvent = (trail: unknown) => (trail as { items: unknown[] }).items.at(-1);

/** What README and tour say, besides the statuses in their paragraphs. */
export const claims: readonly Claim[] = [
  {
    block: 'localhost:3000/ledger/first -H',
    check: ([now, past, trail]) => {
      expect(now).toMatchObject({ version: 3, balance: '15.50' });
      expect(past).toMatchObject({ version: 2, balance: '34.00' });
      expect(trail).toMatchObject({ items: expect.any(Array) });
    },
  },
  {
    block: '/entries',
    check: ([account, statement]) => {
      expect(account).toMatchObject({ version: 3, balance: '15.50' });
      expect(statement).toMatchObject({ items: [{ kind: 'debit' }, { kind: 'credit' }] });
    },
  },
  {
    block: '{"amount":35.0}',
    check: (_answers, [replayed, refused]) => {
      expect(replayed?.headers).toContain('idempotency-replayed: true');
      expect(refused?.headers).not.toContain('idempotency-replayed');
    },
  },
  {
    block: '?at=',
    check: ([atVersion, atInstant]) => {
      expect(atVersion).toMatchObject({ version: 2, balance: '34.00' });
      expect(atInstant).toMatchObject({ version: 3, balance: '15.50' });
    },
  },
  {
    block: '[{"value":70},{"value":100}]',
    check: (answers) => expect(answers.at(-1)).toMatchObject({ status: 'successful' }),
  },
  {
    block: '"direction":"at-most"',
    check: (answers) => expect(answers.at(-1)).toMatchObject({ progress: 0.5 }),
  },
  {
    block: 'sleep 4',
    check: (answers) => expect(answers.at(-1)).toMatchObject({ status: 'expired' }),
  },
  {
    block: 'streamfold-local-metrics-sweeper',
    check: (answers) => expect(lastEvent(answers.at(-1))).toMatchObject({ type: 'Metric:Expired' }),
  },
  {
    block: '"state":"ready"',
    check: (answers) => expect(JSON.stringify(answers)).toContain('Amoxicillin'),
  },
  {
    block: 'streamfold-local-api',
    check: ([result]) => expect(result).toMatchObject({ statusCode: 200 }),
  },
];
