import { expect, it } from '@jest/globals';
import { describeThrown } from './thrown-error.ts';

const cycle: { self?: object } = {};
cycle.self = cycle;
const throwing = {
  get message() {
    throw new Error('no');
  },
};

it.each([
  ['a text', 'no', { name: 'string', message: 'no' }],
  ['nothing', undefined, { name: 'undefined', message: 'undefined' }],
  ['a plain object', { code: 7 }, { name: 'object', message: '{"code":7}' }],
  ['an object without a prototype', Object.create(null), { name: 'object', message: '{}' }],
  ['a cycle', cycle, { name: 'object', message: 'What was thrown cannot be shown.' }],
  ['a getter that throws', throwing, { name: 'object', message: 'What was thrown cannot be shown.' }],
  ['a name without a text', { name: Object.create(null), message: 'no' }, { name: 'object' }],
])('describes what was thrown: %s', (_, thrown, expected) => {
  expect(describeThrown(thrown)).toMatchObject({ ...expected, stack: '' });
});

it('describes an error with its causes', () => {
  const described = describeThrown(new TypeError('outer', { cause: { id: 1 } }));
  expect(described).toMatchObject({ name: 'TypeError', message: 'outer', cause: { message: '{"id":1}' } });
  expect(described.stack).toContain('TypeError: outer');
});
