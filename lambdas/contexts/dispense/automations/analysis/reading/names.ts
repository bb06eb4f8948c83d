import { isDirectionWord, isFrequency, isVerb } from './direction-words.ts';
import { formAt, formBefore, nounOfWord } from './forms.ts';
import { isKnownName, longestNameAt } from './lexicon/lexicon.ts';
import { matchAt, sticky } from './patterns.ts';
import { findStrength } from './strengths.ts';

const nameMaxWords = 8;

/** A name of a drug in a text, and the form that stands before its strength. */
export interface FoundName {
  readonly start: number;
  readonly end: number;
  readonly form?: { readonly start: number; readonly end: number; readonly form: string };
}

const prefix = sticky(
  '(?:start|started|continue|new|add|prescribe|issue|rx|rp|drug|medicine|medication|item|name of (?:drug|medicine))\\b[.:]? ',
);

/** The end of words that can stand before a name: "Start", "New:". */
export function skipPrefix(text: string, at: number): number {
  const found = matchAt(prefix, text, at);
  return found ? at + found[0].length : at;
}

/** The name that begins here and ends before a strength: "Levothyroxine tablets" in "Levothyroxine tablets 50 µg". */
export function nameBeforeStrength(text: string, at: number): FoundName | undefined {
  const strength = findStrength(text, at);
  if (!strength || strength.start - at > 200) return undefined;
  return nameIn(text, at, strength.start);
}

/** The name that is all of a part of the text, with a form before or after it. */
export function nameIn(text: string, at: number, limit: number): FoundName | undefined {
  const early = formAt(text, at);
  const start = early ? skipPoint(text, early.end) : at;
  const part = text.slice(start, limit);
  if (/[;:|]|[.] |,/.test(part.replace(/[ ,:–-]{1,9}$/, ''))) return undefined;
  const late = early ? undefined : formBefore(part.replace(/[ ,:–-]{1,9}$/, ''));
  const name = part.slice(0, late ? late.start : part.length).replace(/[ ,:(–-]{1,9}$/, '');
  const end = start + name.length;
  const form = early ?? (late && { start: start + late.start, end: start + late.end, form: late.form });
  return looksLikeName(name) ? { start, end, ...(form && { form }) } : undefined;
}

/** The name of the lexicon that begins here. */
export function knownNameAt(text: string, at: number): FoundName | undefined {
  const early = formAt(text, at);
  const start = early ? skipPoint(text, early.end) : at;
  const length = longestNameAt(text, start);
  if (length === 0) return undefined;
  const brand = matchAt(brandAfter, text, start + length);
  const end = start + length + (brand?.[0].length ?? 0);
  const isName = isKnownName(text.slice(start, end));
  return { start, end: isName ? end : start + length, ...(early && { form: early }) };
}

const brandAfter = sticky(' (?:\\([\\p{L} -]{3,30}\\)|\\d{2,3}(?= [\\p{L}]))');
const unknownName = sticky("(\\p{Lu}[\\p{L}\\p{N}'’-]{2,30}(?: [\\p{L}\\p{N}'’-]{1,30}){0,3}?) (?=\\p{L})");

/** Words that no list knows, before a form: "Diprobase ointment". */
export function unknownNameAt(text: string, at: number): FoundName | undefined {
  const found = matchAt(unknownName, text, at);
  if (!found) return undefined;
  const words = text.slice(at).split(' ', 6);
  let end = at;
  for (const word of words) {
    if (end > at && formAt(text, end + 1)) {
      const name = text.slice(at, end);
      return looksLikeName(name) ? { start: at, end } : undefined;
    }
    if (!/^[\p{L}\p{N}'’-]+$/u.test(word)) return undefined;
    end = end === at ? at + word.length : end + 1 + word.length;
  }
  return undefined;
}

function skipPoint(text: string, at: number): number {
  let after = at;
  while (text[after] === '.' || text[after] === ' ') after += 1;
  return after;
}

const nameText = /^[\p{L}][\p{L}\p{N} ,'’()[\]®™+./&-]{2,199}$/u;

function looksLikeName(name: string): boolean {
  if (!/^\p{L}/u.test(name) || /[?*]/.test(name)) return false;
  if (isKnownName(name)) return true;
  const words = name.split(/[ /]+/);
  return (
    nameText.test(name) &&
    /\p{L}{3}/u.test(name) &&
    words.length <= nameMaxWords &&
    !words.some((word) => isVerb(word) || isFrequency(word)) &&
    !isDirectionWord(words[0] ?? '') &&
    nounOfWord(words[0] ?? '') === undefined
  );
}
