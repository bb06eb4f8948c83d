/** Compares texts by their bytes in UTF-8, as DynamoDB does. UTF-16 differs: surrogates are before U+E000 there. */
export function compareTexts(a: string, b: string): number {
  const end = Math.min(a.length, b.length);
  for (let index = 0; index < end; index += 1) {
    const one = a.charCodeAt(index);
    const other = b.charCodeAt(index);
    if (one !== other) return rank(one) - rank(other);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}

const plainInteger = /^(0|-?[1-9]\d{0,14})$/;
const decimal = /^([+-]?)(\d*)\.?(\d*)$/;
const digitsMax = 38;

/** A number as DynamoDB returns it. Undefined if it is not a number with at most 38 digits. Exponents are unknown here: undefined too. */
export function canonicalNumber(text: string): string | undefined {
  if (plainInteger.test(text)) return text;
  const [, sign = '', whole = '', fraction = ''] = decimal.exec(text) ?? [];
  if (whole === '' && fraction === '') return undefined;
  const integer = whole.replace(/^0+(?=\d)/, '') || '0';
  const rest = fraction.replace(/0+$/, '');
  const digits = `${integer}${rest}`.replace(/^0+/, '');
  if (digits === '') return '0';
  if (digits.replace(/0+$/, '').length > digitsMax) return undefined;
  return `${sign === '-' ? '-' : ''}${integer}${rest === '' ? '' : `.${rest}`}`;
}

/** Compares canonical numbers. */
export function compareNumbers(a: string, b: string): number {
  if (a === b) return 0;
  if (plainInteger.test(a) && plainInteger.test(b)) return Number(a) - Number(b);
  const places = Math.max(placesOf(a), placesOf(b));
  const difference = scaled(a, places) - scaled(b, places);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function placesOf(number: string): number {
  const point = number.indexOf('.');
  return point < 0 ? 0 : number.length - point - 1;
}

function scaled(number: string, places: number): bigint {
  return BigInt(number.replace('.', '') + '0'.repeat(places - placesOf(number)));
}
