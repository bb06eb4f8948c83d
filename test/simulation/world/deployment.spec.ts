import { describe, expect, it } from '@jest/globals';
import { type Deployment, deployedMs, isReplaced, nextFromMs, oldGoneMs, versionAt } from './deployment.ts';

const kind = 'rolling-deploy';
const atOnce: Deployment = { kind, fromMs: 1_000, forMs: 100, readersFirst: false };
const inTwo: Deployment = { ...atOnce, readersFirst: true };

describe('a deployment', () => {
  it('replaces the code from its beginning to its end', () => {
    expect(versionAt(undefined, 5_000, 0)).toBe('current');
    expect(versionAt(atOnce, 999, 0)).toBe('current');
    expect([versionAt(atOnce, 1_050, 0.4), versionAt(atOnce, 1_050, 0.6)]).toEqual(['next', 'current']);
    expect(versionAt(atOnce, 1_100, 0.99)).toBe('next');
    expect([isReplaced(atOnce, 1_099, 'current'), isReplaced(atOnce, 1_100, 'current')]).toEqual([
      false,
      true,
    ]);
    expect(isReplaced(atOnce, 9_000, 'next')).toBe(false);
    expect([nextFromMs(atOnce), deployedMs(atOnce)]).toEqual([1_000, 1_100]);
  });

  it('with readers first is two: the second begins when nothing of before runs any more', () => {
    const second = 1_100 + oldGoneMs;
    expect([nextFromMs(inTwo), deployedMs(inTwo)]).toEqual([second, second + 100]);
    expect([versionAt(inTwo, 1_050, 0.4), versionAt(inTwo, 1_050, 0.6)]).toEqual(['reader', 'current']);
    expect(versionAt(inTwo, second - 1, 0)).toBe('reader');
    expect([versionAt(inTwo, second + 50, 0.4), versionAt(inTwo, second + 50, 0.6)]).toEqual([
      'next',
      'reader',
    ]);
    expect(isReplaced(inTwo, 1_100, 'current')).toBe(true);
    expect([isReplaced(inTwo, second, 'reader'), isReplaced(inTwo, second + 100, 'reader')]).toEqual([
      false,
      true,
    ]);
  });
});
