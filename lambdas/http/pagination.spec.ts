import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { pageOf, pageQuery } from './pagination.ts';

const query = z.strictObject(pageQuery);

describe('pageQuery', () => {
  it.each([
    [{}, { limit: 50 }],
    [{ limit: '1' }, { limit: 1 }],
    [
      { limit: '100', cursor: 'abc' },
      { limit: 100, cursor: 'abc' },
    ],
  ])('reads %j', (given, read) => {
    expect(query.parse(given)).toEqual(read);
  });

  it.each(['0', '101', '-1', '1.5', '1e1', '', ' 1', '0x1', '01', 'ten'])('refuses the limit %j', (limit) => {
    expect(query.safeParse({ limit }).error?.issues[0]?.message).toBe(
      'Expected a whole number from 1 to 100',
    );
  });

  it.each(['', 'x'.repeat(2_049)])('refuses a cursor that is empty or too long', (cursor) => {
    expect(query.safeParse({ cursor }).success).toBe(false);
  });
});

describe('pageOf', () => {
  it('has the items and, if there are more, the cursor of the next page', () => {
    const page = pageOf(z.number());
    expect(page.safeParse({ items: [1] }).success).toBe(true);
    expect(page.safeParse({ items: ['1'], next: 'abc' }).success).toBe(false);
  });
});
