import { expect, it } from '@jest/globals';
import { Roles } from './roles.ts';

it('a function has all policies of its role', () => {
  const roles = new Roles();
  roles.attach('one', 'first');
  roles.attach('one', 'second');
  roles.attach('other', 'third');
  roles.assume('f', 'arn:aws:iam::000000000000:role/one');
  roles.assume('g', 'arn:aws:iam::000000000000:role/none');
  expect(Object.fromEntries(roles.policies())).toEqual({ f: ['first', 'second'], g: [] });
});
