import type { Doubt } from './doubts.ts';

const numbers = 'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|half';

/** The last words of directions that go on in a line that was not read. */
const openEnd = new RegExp(
  `(?<![\\p{L}\\p{N}])(?:if|when|while|until|till|before|unless|because|per|every(?: (?:\\d{1,3}|${numbers}))?|each|at|to|be|for|from|by|with|and|or|oder|ou|than|the|a|an|of|in|into|are|is|only if|then|up|x|take|takes|give|(?<!(?:each|every|after|before|first) )use|apply|inhale|inject|insert|instil|instill|last|room|page|ward|repeat in|je|bis|pendant|chaque|(?<!\\d |(?:one|two|tablets?|tabs?|capsules?|caps?) )on)$`,
  'iu',
);
/** A dose without how often, after another one: "take one tablet by mouth two". */
const loneOne =
  /^(?:take|give|use|apply|inhale)? ?(?:\d|one|two|three)? ?(?:tablets?|capsules?|puffs?|drops?)? ?(?:by mouth|orally)? ?(?:one|two|three)$/i;
/** A number at the end without what it counts: "by mouth one". */
const numberAtEnd = new RegExp(
  `(?<!(?:max|maximum|than|exceed|exceeding|to|or|of|day|week|step|age|=|:)[. ]{1,2})(?<![\\p{L}\\p{N}])(?:${numbers})$`,
  'iu',
);

/** Directions that end in the middle of a sentence: the rest can be on a line that was not understood. */
function isUnclosed(directions: string): boolean {
  const text = directions.replace(/[ .,;:)–-]{1,20}$/, '');
  return (
    openEnd.test(text) || numberAtEnd.test(text) || loneOne.test(text) || /^\d{1,4}[/]\d{1,4} /.test(text)
  );
}

const rate =
  /(?<![\p{L}\p{N}])(?:(?:(?:once|twice|thrice|one|two|three|four|\d{1,2})(?: times?)? (?:daily|weekly|monthly|an? (?:day|week|month)|(?:per|each|every) (?:day|week|month)))|daily|weekly|every other day|every day|on alternate days|alternate days|bd|tds|tid|qds|qid|bid|every \d{1,2} hours)(?!\p{L}|[ -](?:dose|total|maximum|limit|intake))/giu;
const connected =
  /(?<!\p{L})(?:then|and|or|if|when|for|max|maximum|max\.|up to|total|more than|exceed|reduc\p{L}*|increas\p{L}*|decreas\p{L}*|followed|alternat\p{L}*|after|until|to|from|week|day|days|step|starting|dose of|on)(?!\p{L})|[x×] ?\d|\/7|[–:=(]/iu;

/** Two frequencies with nothing between them that says how they belong together: "once daily twice daily". */
function hasTwoRates(directions: string): boolean {
  let end = -1;
  for (const found of directions.matchAll(rate)) {
    if (end >= 0 && !connected.test(directions.slice(end, found.index))) return true;
    end = found.index + found[0].length;
  }
  return /\d ?days?[ ,]{1,2}(?:for )?\d{1,3} ?days?(?!\p{L})/iu.test(directions);
}

/** The same clause twice, or a reference to another drug. */
function hasOddClause(clauses: readonly string[]): boolean {
  const plain = clauses.map((clause) =>
    clause
      .toLowerCase()
      .replace(/[ .,;:]+/g, ' ')
      .trim(),
  );
  return (
    new Set(plain).size < plain.length ||
    plain.some((clause) =>
      /\b(?:one|two|three|\d{1,4}) of each(?! (?:meal|dose|day|week|month))|\bditto\b/.test(clause),
    )
  );
}

/** What is not well formed in the directions of a drug. `clauses`: the directions as they stand in the document. */
export function* doubtsOfClauses(directions: string, clauses: readonly string[]): Generator<Doubt> {
  if (isUnclosed(directions)) yield 'unfinished-directions';
  if (hasTwoRates(directions) || hasOddClause(clauses)) yield 'conflicting-directions';
}
