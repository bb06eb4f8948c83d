/** A double keeps every decimal number with up to this many significant digits, except the smallest numbers. */
const exactDigits = 15;
/** Smaller doubles than this have fewer digits. */
const smallestNormal = 2 ** -1022;

/** What a client can do about a number that a double does not keep. */
export const fewerDigits = 'Write it with fewer digits';

/** The reason for refusing a number that a double would change. `number`: the words for it. */
export function inexactReason(number: string): string {
  return `A double rounds ${number} or cannot represent it.`;
}

/**
 * Whether a double keeps this decimal number. `source`: as JSON writes numbers; it may also have zeros at its start. Numbers
 * with many digits are exact if JavaScript writes the double with the same digits: 1/3 is 0.3333333333333333.
 */
export function isExactNumber(source: string): boolean {
  const value = Number(source);
  if (!Number.isFinite(value)) return false;
  const digits = significantDigits(source);
  // 1e-400 is not zero, but its double is.
  if (value === 0) return digits === '';
  const isShort = digits.length <= exactDigits && Math.abs(value) >= smallestNormal;
  return isShort || digits === significantDigits(String(value));
}

/** The digits of the mantissa, without sign, point, and zeros at both ends: those need no precision. */
function significantDigits(source: string): string {
  const mantissa = source.split(/[eE]/, 1)[0] ?? '';
  return trimZeros(mantissa.replace(/[-.]/g, ''));
}

/** Does not use a regular expression: its time would be quadratic for a megabyte of zeros. */
function trimZeros(digits: string): string {
  let start = 0;
  let end = digits.length;
  while (start < end && digits[start] === '0') start += 1;
  while (end > start && digits[end - 1] === '0') end -= 1;
  return digits.slice(start, end);
}
