import { data as isoCurrencies } from 'currency-codes';

/** Maximum digits of an amount, decimals included. Whole numbers of this length are exact as doubles. */
export const amountMaxDigits = 14;
/** The largest balance, in minor units. */
export const balanceMaxMinorUnits = 10 ** 15 - 1;

/**
 * Number of decimals of every currency that an account can have. ISO 4217 also lists metals, funds and test codes. They
 * have no minor unit, so most codes that begin with X are excluded. The package's data does not have the newer XCG.
 */
const decimalsByCurrency: ReadonlyMap<string, number> = new Map([
  ...isoCurrencies
    .filter(({ code }) => !code.startsWith('X') || ['XAF', 'XCD', 'XOF', 'XPF'].includes(code))
    .map(({ code, digits }) => [code, digits] as const),
  ['XCG', 2] as const,
]);

/** True for a currency that an account can have. */
export function isCurrency(code: string): boolean {
  return decimalsByCurrency.has(code);
}

/** Number of decimals of a currency: JPY 0, USD 2, BHD 3. Throws `RangeError` for a code that is not a currency. */
export function decimalsOf(currency: string): number {
  const decimals = decimalsByCurrency.get(currency);
  if (decimals === undefined) throw new RangeError(`${currency} is not an ISO 4217 currency.`);
  return decimals;
}

/**
 * The canonical form of a decimal: no sign, no exponent, no leading or trailing zeros ("34.00" is "34").
 * Undefined for text that is not a decimal of at most {@link amountMaxDigits} digits.
 */
export function canonicalDecimal(text: string): string | undefined {
  const match = /^0*(\d+?)(?:\.(\d*?)0*)?$/.exec(text);
  if (!match || text.endsWith('.')) return undefined;
  const [, whole = '0', fraction = ''] = match;
  const digits = (whole === '0' ? '' : whole) + fraction;
  if (digits.length > amountMaxDigits) return undefined;
  return fraction === '' ? whole : `${whole}.${fraction}`;
}

/** Why a decimal is not an amount of a currency. */
export type AmountProblem = 'too-many-decimals' | 'too-large';

/** A canonical decimal in the currency's minor units: "18.5" USD is 1850. Throws `RangeError` for an unknown currency. */
export function toMinorUnits(decimal: string, currency: string): number | AmountProblem {
  const [whole = '0', fraction = ''] = decimal.split('.');
  const decimals = decimalsOf(currency);
  if (fraction.length > decimals) return 'too-many-decimals';
  const minorUnits = Number(whole + fraction.padEnd(decimals, '0'));
  return minorUnits < 10 ** amountMaxDigits ? minorUnits : 'too-large';
}

/** Minor units as a decimal with all the currency's decimals: 1850 USD is "18.50", 5 JPY is "5". */
export function formatMinorUnits(minorUnits: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(minorUnits)).padStart(decimals + 1, '0');
  const sign = minorUnits < 0 ? '-' : '';
  if (decimals === 0) return sign + digits;
  return `${sign}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
