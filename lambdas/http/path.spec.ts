import { describe, expect, it } from '@jest/globals';
import { parsePath } from './path.ts';

describe('parsePath', () => {
  it.each([
    ['/', ['']],
    ['///', ['']],
    ['/ledger', ['ledger']],
    ['/ledger/1//', ['ledger', '1']],
    ['//ledger', ['', 'ledger']],
    ['/ledger//1', ['ledger', '', '1']],
    ['/a%2Fb/%C3%A9/%20', ['a%2Fb', '%C3%A9', '%20']],
    ['/.../a..b', ['...', 'a..b']],
  ])('splits %s', (path, segments) => {
    expect(parsePath(path)).toEqual(segments);
  });

  it.each(['/.', '/a/../b', '/%2e', '/a/%2E./', '/%', '/a/%zz', '/%ff', '/%C3/%A9'])('refuses %s', (path) => {
    expect(() => parsePath(path)).toThrow(expect.objectContaining({ code: 'invalid-path', status: 400 }));
  });
});
