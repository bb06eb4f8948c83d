/** Decimals of the minor unit, and a usual amount in minor units, of the currencies that traffic uses. */
export const currencies = {
  USD: { decimals: 2, usualMinorUnits: 50_000 },
  EUR: { decimals: 2, usualMinorUnits: 50_000 },
  JPY: { decimals: 0, usualMinorUnits: 50_000 },
  BHD: { decimals: 3, usualMinorUnits: 200_000 },
} as const;

export type Currency = keyof typeof currencies;

export const currencyCodes = Object.keys(currencies) as Currency[];

/** 1850 USD is "18.50", -5 JPY is "-5". */
export function toDecimal(minorUnits: number, currency: Currency): string {
  const { decimals } = currencies[currency];
  const digits = String(Math.abs(minorUnits)).padStart(decimals + 1, '0');
  const sign = minorUnits < 0 ? '-' : '';
  const point = digits.length - decimals;
  return decimals === 0 ? sign + digits : `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}

/** "18.50" USD is 1850; undefined for text that has not exactly the currency's decimals. */
export function toMinorUnits(text: unknown, currency: Currency): number | undefined {
  const { decimals } = currencies[currency];
  const match = typeof text === 'string' ? /^(-?)(\d{1,15})(?:\.(\d+))?$/.exec(text) : null;
  if (!match) return undefined;
  const [, sign = '', whole = '', fraction = ''] = match;
  if (fraction.length !== decimals) return undefined;
  // Adding 0 turns a negative zero into zero.
  return Number(sign + whole + fraction) + 0;
}
