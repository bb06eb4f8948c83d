const small =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');

/** The words of {@link spelledNumber}, as a part of a pattern. */
export const spelledSource = `(?:(?:${[...small].reverse().join('|')}|${tens.join('|')}|hundred)(?:(?: and |[ -])(?:${[...small].reverse().join('|')}|${tens.join('|')}|hundred)){0,4})(?!\\p{L})`;

/** The number that is spelled in English: 112 for "one hundred and twelve". Undefined: it is no such number. */
export function spelledNumber(text: string): number | undefined {
  let total = 0;
  let last = '';
  for (const word of text.toLowerCase().split(/[ -]+/)) {
    if (word === 'and') continue;
    const [one, ten] = [small.indexOf(word), tens.indexOf(word)];
    if (word === 'hundred' && total > 0 && total < 10) total *= 100;
    else if (ten >= 0 && (last === '' || last === 'hundred')) total += (ten + 2) * 10;
    else if (one >= 0 && (last === '' || last === 'hundred' || (tens.includes(last) && one > 0 && one < 10)))
      total += one;
    else return undefined;
    last = word;
  }
  return last === '' ? undefined : total;
}
