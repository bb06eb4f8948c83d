import { formOf, numberOf } from './vocabulary.ts';

const timesByWord: Readonly<Record<string, number>> = { once: 1, twice: 2, thrice: 3 };
const timesByAbbreviation: Readonly<Record<string, number>> = {
  od: 1,
  om: 1,
  on: 1,
  bd: 2,
  bid: 2,
  tds: 3,
  tid: 3,
  qds: 4,
  qid: 4,
};

/**
 * The quantity that the directions require: 21 for "take 1 capsule three times daily for 7 days".
 * Undefined if dose, times a day or days are not clear.
 */
export function quantityOfCourse(directions: string): number | undefined {
  const words = directions.toLowerCase().split(/[\s,;.]+/);
  const [dose, times, days] = [doseOf(words), timesADayOf(words), daysOf(words)];
  if (dose === undefined || times === undefined || days === undefined) return undefined;
  const quantity = dose * times * days;
  return quantity >= 1 && Number.isInteger(quantity) ? quantity : undefined;
}

/** The number before the form, or after the verb that begins the directions. */
function doseOf(words: readonly string[]): number | undefined {
  const atForm = words.findIndex((word) => formOf(word) !== undefined);
  return numberOf(words[atForm < 0 ? 1 : atForm - 1] ?? '');
}

function timesADayOf(words: readonly string[]): number | undefined {
  for (const [index, word] of words.entries()) {
    const [next = '', afterNext = ''] = words.slice(index + 1);
    if (word === 'every' && afterNext.startsWith('hour')) {
      const hours = numberOf(next);
      return hours !== undefined && hours > 0 && 24 % hours === 0 ? 24 / hours : undefined;
    }
    const times =
      timesByWord[word] ??
      (next === 'times' ? numberOf(word) : undefined) ??
      (isAbbreviation(words, index) ? timesByAbbreviation[word] : undefined);
    if (times !== undefined) return times;
  }
  return words.includes('daily') || words.includes('day') ? 1 : undefined;
}

/** "on" means every night only at the end of the directions. */
function isAbbreviation(words: readonly string[], index: number): boolean {
  return words[index] !== 'on' || index === words.length - 1;
}

function daysOf(words: readonly string[]): number | undefined {
  const at = words.indexOf('for');
  if (at < 0) return undefined;
  const count = numberOf(words[at + 1] ?? '');
  const unit = words[at + 2] ?? '';
  if (count === undefined) return undefined;
  if (/^days?$/.test(unit)) return count;
  return /^weeks?$/.test(unit) ? count * 7 : undefined;
}
