/** Words of directions that change neither the number of pieces a day nor the number of days. */
const plain =
  /^(?:by mouth|orally|oral|po|with food|with meals?|after food|before food|with water|with a glass of water|after meals?|before meals?|before breakfast|after breakfast|with breakfast|in the morning|at night|at bedtime|in the evening|\(after food\)|\(before food\)|after|before|food|and|then complete the course)$/i;

const numberWords = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const piece =
  '(?:tablets?|tabs?\\.?|capsules?|caps?\\.?|caplets?|suppositor(?:y|ies)|pessar(?:y|ies)|sachets?|lozenges?)';
const number = `(\\d{1,2}|${numberWords.slice(1).join('|')})`;

const dosePattern = new RegExp(
  `^(?:take|give|use|insert|dissolve|chew|swallow)? ?${number}(?: ?${piece})?(?= )`,
  'i',
);
const india = /^(\d)-(\d)-(\d)(?:-(\d))?(?= |$)/;
const daysPattern = new RegExp(`(?:for|x|×) ?${number} ?(days?|weeks?|/7|/52)(?![\\p{L}\\p{N}])`, 'iu');

const frequencies: readonly (readonly [RegExp, number | 'times' | 'hours'])[] = [
  [
    /^(?:once (?:daily|a day|each day|every day|per day)|(?:1|one) times? (?:daily|a day)|daily|every day|each day|a day|od|o\.d\.|qd|each morning|every morning|om|mane|each evening|every evening|every night|each night|nightly|nocte)(?= |$)/i,
    1,
  ],
  [/^(?:twice (?:daily|a day|each day|per day)|bd|b\.d\.|bid|b\.i\.d\.)(?= |$)/i, 2],
  [/^(?:thrice (?:daily|a day)|tds|tid|t\.d\.s\.|t\.i\.d\.)(?= |$)/i, 3],
  [/^(?:qds|qid|q\.d\.s\.|q\.i\.d\.)(?= |$)/i, 4],
  [new RegExp(`^${number} times? (?:daily|a day|each day|per day)(?= |$)`, 'i'), 'times'],
  [new RegExp(`^every ${number} hours?(?= |$)`, 'i'), 'hours'],
];

/**
 * The quantity of a course: 21 for "take 1 capsule three times daily for 7 days". Undefined if the directions have anything but one
 * dose, one frequency and one number of days: a range, a maximum, "then", "if needed".
 */
export function quantityOfCourse(directions: string): number | undefined {
  const text = directions
    .trim()
    .replace(/[.,]+(?= |$)/g, '')
    .replace(/ {2,}/g, ' ');
  const days = daysPattern.exec(text);
  if (!days) return undefined;
  const rest = `${text.slice(0, days.index)} ${text.slice(days.index + days[0].length)}`
    .replace(/ {2,}/g, ' ')
    .trim();
  const length = countOf(days[1]) * (/week|52/i.test(days[2] ?? '') ? 7 : 1);
  const daily = piecesADay(rest);
  const quantity = daily === undefined ? 0 : daily * length;
  return Number.isInteger(quantity) && quantity >= 1 ? quantity : undefined;
}

function piecesADay(text: string): number | undefined {
  const slots = india.exec(text);
  if (slots) {
    const sum = slots.slice(1).reduce((total, slot) => total + Number(slot ?? 0), 0);
    return isPlain(text.slice(slots[0].length)) ? sum : undefined;
  }
  const dose = dosePattern.exec(text);
  if (!dose) return undefined;
  let rest = text.slice(dose[0].length).trim();
  const route = /^(?:by mouth|orally|po) /i.exec(rest);
  if (route) rest = rest.slice(route[0].length);
  for (const [pattern, meaning] of frequencies) {
    const found = pattern.exec(rest);
    if (!found) continue;
    const times = timesADay(meaning, found[1]);
    return times !== undefined && isPlain(rest.slice(found[0].length)) ? countOf(dose[1]) * times : undefined;
  }
  return undefined;
}

function timesADay(meaning: number | 'times' | 'hours', written: string | undefined): number | undefined {
  if (typeof meaning === 'number') return meaning;
  const count = countOf(written);
  if (meaning === 'times') return count;
  return 24 % count === 0 ? 24 / count : undefined;
}

const isPlain = (rest: string) => rest.trim() === '' || plain.test(rest.trim());

function countOf(written: string | undefined): number {
  const word = (written ?? '').toLowerCase();
  return /^\d/.test(word) ? Number(word) : numberWords.indexOf(word);
}
