/** Decimals of the currencies that histories use, by ISO 4217. All others have two. */
const unusualDecimals: Readonly<Record<string, number>> = { JPY: 0, KRW: 0, CLP: 0, BHD: 3, KWD: 3, TND: 3 };

/** Digits of the largest amount of an entry, decimals included. */
const maxDigits = 14;
/** In minor units. */
export const maxBalance = 10 ** 15 - 1;

export function decimalsOf(currency: string): number {
  return unusualDecimals[currency] ?? 2;
}

/** "18.5" USD is 1850. An amount that the currency cannot have gives the code of the refusal. */
export function minorUnits(decimal: string, currency: string): number | string {
  const decimals = decimalsOf(currency);
  const [whole = '', fraction = ''] = decimal.split('.');
  const digits = fraction.endsWith('0') ? fraction.replace(/0+$/, '') : fraction;
  if (digits.length > decimals) return 'ledger/too-many-decimals';
  const units = Number(whole + digits.padEnd(decimals, '0'));
  return units < 10 ** maxDigits ? units : 'ledger/amount-too-large';
}

/** 1850 USD is "18.50". */
export function decimalOf(units: number, currency: string): string {
  const decimals = decimalsOf(currency);
  const digits = String(Math.abs(units)).padStart(decimals + 1, '0');
  const point = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
  return units < 0 ? `-${text}` : text;
}
