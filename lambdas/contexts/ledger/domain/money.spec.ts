import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  amountMaxDigits,
  canonicalDecimal,
  decimalsOf,
  formatMinorUnits,
  isCurrency,
  toMinorUnits,
} from './money.ts';

describe('a canonical decimal', () => {
  it.each([
    ['34', '34'],
    ['34.0', '34'],
    ['034.50', '34.5'],
    ['0', '0'],
    ['0.00', '0'],
    ['000', '0'],
    ['0.001', '0.001'],
    ['100', '100'],
    ['12345678901234', '12345678901234'],
    ['123456789012.34000', '123456789012.34'],
  ])('of %s is %s', (text, canonical) => {
    expect(canonicalDecimal(text)).toBe(canonical);
  });

  it.each([
    '',
    'abc',
    '-1',
    '+1',
    '1e3',
    '1e400',
    'Infinity',
    'NaN',
    '.5',
    '5.',
    '1,5',
    ' 1',
    '1 ',
    '1_000',
    '0x10',
    '١',
    '123456789012345',
    '1234567890123.45',
    '0.000000000000001',
  ])('does not exist for "%s"', (text) => {
    expect(canonicalDecimal(text)).toBeUndefined();
  });
});

describe('currencies', () => {
  it.each([
    ['JPY', 0],
    ['USD', 2],
    ['EUR', 2],
    ['BHD', 3],
    ['IQD', 3],
    ['CLF', 4],
    ['XOF', 0],
    ['XCG', 2],
  ])('%s has %i decimals', (currency, decimals) => {
    expect(decimalsOf(currency)).toBe(decimals);
  });

  it.each(['XAU', 'XXX', 'XTS', 'usd', 'EURO', '', 'toString'])('do not include %s', (code) => {
    expect(isCurrency(code)).toBe(false);
    expect(() => decimalsOf(code)).toThrow(RangeError);
  });
});

describe('minor units', () => {
  it.each([
    ['34', 'USD', 3_400, '34.00'],
    ['18.5', 'USD', 1_850, '18.50'],
    ['0.01', 'USD', 1, '0.01'],
    ['5', 'JPY', 5, '5'],
    ['1.234', 'BHD', 1_234, '1.234'],
    ['999999999999.99', 'USD', 99_999_999_999_999, '999999999999.99'],
  ])('%s %s', (decimal, currency, minorUnits, formatted) => {
    expect(toMinorUnits(decimal, currency)).toBe(minorUnits);
    expect(formatMinorUnits(minorUnits, currency)).toBe(formatted);
  });

  it('are negative for an overdrawn balance', () => {
    expect(formatMinorUnits(-5, 'USD')).toBe('-0.05');
    expect(formatMinorUnits(-1_850, 'USD')).toBe('-18.50');
    expect(formatMinorUnits(-7, 'JPY')).toBe('-7');
    expect(formatMinorUnits(0, 'USD')).toBe('0.00');
  });

  it('are undefined for more decimals than the currency has and above the largest amount', () => {
    expect(toMinorUnits('0.001', 'USD')).toBe('too-many-decimals');
    expect(toMinorUnits('1.5', 'JPY')).toBe('too-many-decimals');
    expect(toMinorUnits('1000000000000', 'USD')).toBe('too-large');
  });

  it('do not change when formatted and parsed', () => {
    const minorUnits = fc.integer({ min: 0, max: 10 ** amountMaxDigits - 1 });
    fc.assert(
      fc.property(minorUnits, fc.constantFrom('JPY', 'USD', 'BHD', 'CLF'), (amount, currency) => {
        const canonical = canonicalDecimal(formatMinorUnits(amount, currency));
        expect(canonical && toMinorUnits(canonical, currency)).toBe(amount);
      }),
    );
  });
});
