import { describe, expect, it } from '@jest/globals';
import { orderedOf, reachedAttribute, readProgress, unfinishedAttribute } from './progress-attributes.ts';

const committedAt = '2026-01-02T03:04:05.678Z';
const at = (sequenceNumber: string, shardId = 'shardId-0') => ({ shardId, sequenceNumber, committedAt });

describe('the attributes of progress', () => {
  it('order sequence numbers of any length as text', () => {
    const numbers = ['0', '9', '10', '99', '100', '9'.repeat(38), `1${'0'.repeat(55)}`, '9'.repeat(129)];
    const ordered = numbers.map((number) => orderedOf(at(number)));
    expect(ordered.toSorted()).toEqual(ordered);
    expect(new Set(ordered).size).toBe(numbers.length);
  });

  it('are read back, and the further of both forms counts', () => {
    const item = {
      consumer: { S: '7 2026' },
      'shardId-0': { S: `200 ${committedAt}` },
      [reachedAttribute('shardId-0')]: { S: orderedOf(at('1000')) },
      'shardId-1': { S: `200 ${committedAt}` },
      [reachedAttribute('shardId-1')]: { S: orderedOf(at('30')) },
      [unfinishedAttribute(at('70'))]: { S: committedAt },
    };
    expect(readProgress(item, 'consumer')).toEqual({
      reached: [at('1000'), at('200', 'shardId-1')],
      unfinished: [at('70')],
    });
  });

  it('are ignored by an earlier version, which looks for a space', () => {
    expect(orderedOf(at('7'))).not.toContain(' ');
    expect(committedAt).not.toContain(' ');
  });

  it('of an unknown form are ignored', () => {
    const item = {
      secret: { B: Buffer.from('7 2026') },
      odd: { S: 'odd' },
      [reachedAttribute('s')]: { S: '7' },
    };
    expect(readProgress(item, 'consumer')).toEqual({ reached: [], unfinished: [] });
  });
});
