import { describe, expect, it } from '@jest/globals';
import type { PlacedWord } from '../layout/lines.ts';
import { compared } from './second-reading.ts';

const word = (text: string, left: number, right: number, confidence = 0.95): PlacedWord => ({
  text,
  left,
  right,
  top: 0,
  bottom: 20,
  confidence,
});
const confidences = (first: PlacedWord[], second: PlacedWord[]) =>
  Object.fromEntries(compared(first, second).map(({ text, confidence }) => [text, confidence]));

describe('a second reading', () => {
  it('leaves what it confirms as it is, also a little beside it', () => {
    const first = [word('500', 0, 30), word('mg', 40, 60, 0.4)];
    expect(compared(first, [word('500', 2, 31, 0.5), word('mg', 41, 62)])).toEqual(first);
  });

  it('makes uncertain what it reads otherwise or does not find', () => {
    expect(confidences([word('580', 0, 30), word('mg', 40, 60)], [word('500', 0, 30)])).toEqual({
      580: 0.3,
      mg: 0.3,
    });
  });

  it('never makes a word more certain', () => {
    expect(confidences([word('580', 0, 30, 0.1)], [word('500', 0, 30)])).toEqual({ 580: 0.1 });
  });

  it('confirms words that it divides otherwise', () => {
    const together = [word('0.5mg', 0, 60)];
    const apart = [word('0.5', 0, 30), word('mg', 36, 60)];
    expect(compared(together, apart)).toEqual(together);
    expect(compared(apart, together)).toEqual(apart);
  });

  it('adds what the first reading missed, and no marks', () => {
    expect(
      confidences([word('mg', 40, 60)], [word('5', 10, 20), word('mg', 40, 60), word('|', 80, 82)]),
    ).toEqual({
      mg: 0.95,
      5: 0.3,
    });
  });
});
