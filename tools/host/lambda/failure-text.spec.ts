import { describe, expect, it } from '@jest/globals';
import { errorLines, headlineOf } from './failure-text.ts';

const thrown = (stack: readonly string[], message = 'no') => ({
  name: 'Error',
  message,
  stack: [`Error: ${message}`, ...stack.map((frame) => `    at ${frame}`)].join('\n'),
});
const framesOf = (...stack: string[]) => errorLines(thrown(stack), '/project').slice(1);

it('the headline of code that did not load promises nothing about its next load', () => {
  const headline = (name: string) =>
    headlineOf({ kind: 'load', functionName: 'f', error: { name, message: 'no', stack: '' } });
  expect(headline('Error')).toBe('f did not load');
  expect(headline('Sandbox.Timedout')).toBe('f did not load in time');
});

describe('the stack of an error', () => {
  it('has the frames of the project, with paths from its root', () => {
    expect(
      framesOf(
        'new Account (/project/lambdas/account.ts:1:2)',
        'async Promise.all (index 0)',
        'async file:///project/lambdas/with%20space.ts:3:4',
        'Object.<anonymous> (/project/lambdas/api.ts:5:6)',
        'Module._compile (node:internal/modules/cjs/loader:1554:14)',
        `${new URL('./thread.ts', import.meta.url).pathname}:7:8`,
      ),
    ).toEqual([
      '    at new Account (lambdas/account.ts:1:2)',
      '    at lambdas/with space.ts:3:4',
      '    at lambdas/api.ts:5:6',
    ]);
  });

  it('has the call of a package that threw, and not what is below it', () => {
    expect(
      framesOf(
        'parse (/project/node_modules/zod/parse.js:1:2)',
        'run (/project/node_modules/zod/run.js:1:2)',
        'body (/project/lambdas/body.ts:3:4)',
        'middy (/project/node_modules/@middy/core/index.js:5:6)',
      ),
    ).toEqual(['    at parse (node_modules/zod/parse.js:1:2)', '    at body (lambdas/body.ts:3:4)']);
  });

  it('leaves out what is in the bundle, if it has sources', () => {
    const bundled = 'middy (/project/.cache/a/index.js:68:20316)';
    expect(framesOf('handle (/project/lambdas/a.ts:1:2)', bundled)).toEqual([
      '    at handle (lambdas/a.ts:1:2)',
    ]);
    expect(framesOf(bundled)).toEqual(['    at middy (.cache/a/index.js:68:20316)']);
  });

  it('has a few frames of packages, if it has no others', () => {
    const frames = ['a', 'b', 'c', 'd'].map((name) => `${name} (/project/node_modules/p/${name}.js:1:2)`);
    expect(framesOf(...frames)).toHaveLength(3);
  });

  it('is bounded, and so is the message', () => {
    const frames = Array.from({ length: 50 }, (_, line) => `f (/project/lambdas/a.ts:${line}:1)`);
    expect(framesOf(...frames)).toHaveLength(8);
    const [head] = errorLines(thrown([], 'x'.repeat(100_000)), '/project');
    expect(head).toHaveLength('Error: '.length + 1_000 + ' ...'.length);
  });

  it('of a syntax error begins with its place, without the line, which may be a whole bundle', () => {
    const stack = `/project/dist/index.js:12\n${'x'.repeat(10_000)}\n^\n\nSyntaxError: no\n    at wrapSafe (node:internal/a:1:2)`;
    expect(errorLines({ name: 'SyntaxError', message: 'no', stack }, '/project')).toEqual([
      'SyntaxError: no',
      '    at dist/index.js:12',
    ]);
  });
});
