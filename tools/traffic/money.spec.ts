import { describe, expect, it } from '@jest/globals';
import { toDecimal, toMinorUnits } from './money.ts';

describe('decimals', () => {
  it.each([
    [1_850, 'USD', '18.50'],
    [5, 'USD', '0.05'],
    [0, 'EUR', '0.00'],
    [-1, 'EUR', '-0.01'],
    [5, 'JPY', '5'],
    [-50_000, 'JPY', '-50000'],
    [1_234_567, 'BHD', '1234.567'],
  ] as const)('%i %s is %s, both ways', (minorUnits, currency, text) => {
    expect(toDecimal(minorUnits, currency)).toBe(text);
    expect(toMinorUnits(text, currency)).toBe(minorUnits);
  });

  it.each([
    ['18.5', 'USD'],
    ['18.500', 'USD'],
    ['18', 'USD'],
    ['5.0', 'JPY'],
    ['1e3', 'JPY'],
    ['', 'JPY'],
    [5, 'JPY'],
    [undefined, 'USD'],
  ] as const)('takes %p for no answer in %s', (text, currency) => {
    expect(toMinorUnits(text, currency)).toBeUndefined();
  });
});
