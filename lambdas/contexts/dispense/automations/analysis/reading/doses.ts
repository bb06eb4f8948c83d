import type { Doubt } from './doubts.ts';
import { bareNoun, isSolid, nounOfWord } from './forms.ts';

/** What is known of a drug when its doses are checked. */
export interface DosedDrug {
  readonly name: string;
  readonly strength: string | null;
  readonly form: string | null;
  readonly directions: string;
}

const unit = '(mg|mcg|micrograms?|µg|μg|g|grams?)(?!\\p{L}|[ ]?(?:/|per ))';
const mass = new RegExp(`(?<![\\d.,/])(\\d{1,3},\\d{3}|\\d{1,5}(?:\\.\\d{1,4})?) ?${unit}`, 'giu');
const plainStrength = new RegExp(`^(\\d{1,3},\\d{3}|\\d{1,5}(?:\\.\\d{1,4})?) ?${unit}$`, 'iu');
const limit = /(?:max|maximum|max\.|up to|exceed(?:ing)?|than|total(?: of)?|limit)[ :]{0,2}$/i;
/** Drugs that are taken in ten pieces and more. For others that is what a lost decimal point looks like. */
const manyPieces = /methotrexat|predniso|dexameth/i;

function milligrams(amount = '', written = ''): number {
  const number = Number(amount.replace(',', ''));
  if (/^g/i.test(written)) return number * 1_000;
  return /^mg/i.test(written) ? number : number / 1_000;
}

const numberWords = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten'];
const count = `(\\d{1,2}(?:[.,]\\d)?|½|${numberWords.join('|')})`;
const piece = '(?:tablets?|tabs?|capsules?|caps?|caplets?|patch(?:es)?|suppositor(?:y|ies)|sachets?|puffs?)';
const amountOf = `(\\d{1,3},\\d{3}|\\d{1,5}(?:\\.\\d{1,4})?) ?${unit}`;
const piecesThenMass = new RegExp(`${count} ?${piece} ?[(=,] ?(?:total(?: of)? )?${amountOf}`, 'iu');
const massThenPieces = new RegExp(`${amountOf}(?: total)? ?[(=] ?${count} ?(?:x )?${piece}`, 'iu');

/** "Take 6 tablets (15 mg)" agrees with 2.5 mg, and not with 5 mg. */
function isInconsistentDose(directions: string, strength: string | null): boolean {
  const each = plainStrength.exec(strength ?? '');
  const one = piecesThenMass.exec(directions);
  const other = massThenPieces.exec(directions);
  const [pieces, amount, written] = one
    ? [one[1], one[2], one[3]]
    : other
      ? [other[3], other[1], other[2]]
      : [];
  if (!each || pieces === undefined) return false;
  const stated = milligrams(amount, written);
  const computed = countOf(pieces) * milligrams(each[1], each[2]);
  return Math.abs(stated - computed) > stated / 1_000;
}

function countOf(pieces: string): number {
  if (pieces === '½') return 0.5;
  const index = numberWords.indexOf(pieces.toLowerCase());
  return index < 0 ? Number(pieces.replace(',', '.')) : index + 1;
}

/** An amount in the directions that is no plain multiple of the strength: 15 mg of tablets of 20 mg. */
function isOddAmount({ name, strength, form, directions }: DosedDrug): boolean {
  const each = plainStrength.exec(strength ?? '');
  if (!each || (form !== null && !isSolid(form))) return false;
  const one = milligrams(each[1], each[2]);
  for (const { 0: all, 1: amount, 2: written, index } of directions.matchAll(mass)) {
    if (
      limit.test(directions.slice(0, index)) ||
      /^ ?(?:in 24|a day|max)/i.test(directions.slice(index + all.length))
    )
      continue;
    const pieces = milligrams(amount, written) / one;
    if (!isPlainCount(pieces, form ?? '', manyPieces.test(name))) return true;
  }
  return false;
}

function isPlainCount(pieces: number, form: string, isMany: boolean): boolean {
  const step = /capsule|softgel|modified|mr |gastro|patch/.test(form) ? 1 : 2;
  const isWhole = Math.abs(pieces * step - Math.round(pieces * step)) < 0.001;
  return isWhole && pieces > 0 && pieces < (isMany ? 12.5 : 10);
}

const frequency =
  '(?:od|bd|bid|tds|tid|qds|qid|daily|nightly|once|twice|three times|four times|every|each|a day|at night|nocte|mane|in the|at bed)';
const bareDose = new RegExp(`^(?:take|give|use)? ?(\\d{1,4}) ${frequency}(?!\\p{L})`, 'iu');
const counted =
  /(?<![\d.,/-])(\d{1,4}(?:\.\d)?) ?(tablets?|tabs?|capsules?|caps?|puffs?|sprays?|patches)(?!\p{L})/giu;
const volume = /(?<![\d.,/-])(\d{1,4}(?:\.\d{1,2})?) ?mls?(?!\p{L})/giu;
const piecesMax = 10;
/** A swallow of most medicines is 5 to 20 ml. */
const volumeMax = 30;

/** A number of pieces or ml that nobody takes at once, which is what a lost point or a wrong unit looks like. */
function isImplausible(drug: DosedDrug): boolean {
  const { name, strength, form, directions } = drug;
  const bare = Number(bareDose.exec(directions)?.[1] ?? 0);
  const number = Number(/^[\d.]+/.exec(strength ?? '')?.[0] ?? 0);
  if (bare > piecesMax || (bare > 4 && bare === number)) return true;
  for (const { 1: pieces, index } of directions.matchAll(counted))
    if (Number(pieces) > piecesMax && !limit.test(directions.slice(0, index))) return true;
  const volumes = [...directions.matchAll(volume)].map((found) => Number(found[1]));
  if (
    volumes.some((amount) => amount > volumeMax) &&
    !/flush|water|enema|wash|bath|infus/i.test(`${form} ${directions}`)
  )
    return true;
  return isVolumeOfPen(name, strength, form, volumes) || isPatchTooOften(name, form, directions);
}

function isVolumeOfPen(
  name: string,
  strength: string | null,
  form: string | null,
  volumes: readonly number[],
): boolean {
  if (volumes.length === 0) return false;
  if (/insulin/i.test(name) || /\bpen\b|cartridge/.test(form ?? '')) return true;
  const size = Number(/\/ ?(\d*\.?\d+) ?ml$/i.exec(strength ?? '')?.[1] ?? Number.NaN);
  return /syringe/.test(form ?? '') && volumes.some((amount) => amount > size);
}

function isPatchTooOften(name: string, form: string | null, directions: string): boolean {
  if (!/patch/.test(form ?? '') || !/fentanyl|buprenorphin|butrans|durogesic/i.test(name)) return false;
  return /\b(?:daily|every day|a day|od|bd|every (?:[1-9]|1\d|2\d|3\d|4[0-7]) hours|every (?:12|24) hours)\b/i.test(
    directions,
  );
}

const piecesOfDose = /(?:\d|½|one|two|three|four|half) ?(?:a )?(\p{L}+)/giu;
const liquid = /^(?:solution|suspension|syrup|elixir|linctus|liquid|drops)$/;

/** The directions count another form than the drug has: "one tablet" of capsules, "5 ml" of tablets. */
function hasOtherForm({ form, directions }: DosedDrug): boolean {
  if (form === null) return false;
  const own = bareNoun(form);
  if (
    isSolid(form) &&
    /(?<![\p{L}\d])(?:\d|one|two|three) ?mls?(?!\p{L})/iu.test(directions) &&
    !/water|dissol|mix|dispers/i.test(directions)
  )
    return true;
  for (const [, word = ''] of directions.matchAll(piecesOfDose)) {
    const noun = nounOfWord(word);
    if (noun === undefined || noun === own || noun === form) continue;
    const pair = [own, bareNoun(noun)];
    if (pair.every((one) => /^(?:tablet|capsule|suppository|pessary)$/.test(one))) return true;
    if (
      /^(?:tablet|capsule)$/.test(noun) &&
      (liquid.test(own) || /^(?:inhaler|spray|cream|ointment|pen|patch|gel)$/.test(own))
    )
      return true;
  }
  return false;
}

/** "Take tablet every 8 hours": the number of a dose is lost, which no certainty of the other words shows. */
const countless =
  /(?<!\p{L})(?:take|takes|give|swallow|chew|suck|dissolve|insert) (?:the )?(?:tablets?|tabs?|capsules?|caps?|lozenges?|suppositor(?:y|ies)|pessar(?:y|ies)|sachets?|mls?)(?!\p{L}|\(s\))/iu;

/** Doses that do not fit the drug. */
export function* doubtsOfDoses(drug: DosedDrug): Generator<Doubt> {
  if (isOddAmount(drug) || isInconsistentDose(drug.directions, drug.strength)) yield 'inconsistent-dose';
  if (countless.test(drug.directions)) yield 'no-count';
  if (isImplausible(drug)) yield 'implausible-dose';
  if (hasOtherForm(drug)) yield 'conflicting-forms';
}
