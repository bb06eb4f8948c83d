import type { Block } from './blocks.ts';
import { doubtsOfDirections } from './checks.ts';
import { clearWordsMin, hasUnclearDigits } from './clarity.ts';
import { doubtsOfClauses } from './closed-directions.ts';
import { quantityOfCourse } from './course.ts';
import { doubtsOfDoses } from './doses.ts';
import type { Doubt } from './doubts.ts';
import { formAt, isSolid } from './forms.ts';
import { hasPiecesOfSeveralStrengths, isKnownName, isKnownStrength } from './lexicon/lexicon.ts';
import { findStrength } from './strengths.ts';
import { unknownWords } from './unknown-words.ts';

/** A part of a drug as it is written. */
export interface Part {
  readonly text: string;
  readonly confidence: number;
}

/** The parts of a drug. Undefined: not stated. */
export interface Parts {
  readonly block: Block;
  readonly name: Part;
  readonly strength: Part | undefined;
  readonly form: Part | undefined;
  readonly quantity: { readonly quantity: number | null; readonly confidence: number } | undefined;
  readonly directions: Part | undefined;
}

/** Why a person must look at a drug, by what its parts say together. */
export function* doubtsOf({ block, name, strength, form, quantity, directions }: Parts): Generator<Doubt> {
  if (!isKnownName(name.text)) yield 'unknown-name';
  else if (strength && isKnownStrength(name.text, strength.text, form?.text) === false)
    yield 'unknown-strength';
  if (!quantity && !directions) yield 'only-name';
  // Micrograms and milligrams are misread so. Nanograms are written in full.
  if (/\d ?ng(?!\p{L})/iu.test(strength?.text ?? '')) yield 'unknown-strength';
  if (isTooStrong(name.text, strength?.text, form?.text)) yield 'unknown-strength';
  if (beginsOddly(block)) yield 'not-understood';
  if (strength && hasSecondStrength(block)) yield 'conflicting-strengths';
  yield* doubtsOfDirections(name.text, strength?.text ?? null, directions?.text ?? null);
  yield* doubtsOfNumbers({ block, strength, form, quantity, directions });
  if (directions) {
    yield* doubtsOfText({ name, strength, form, directions });
    const clauses = block.placed
      .filter(({ piece }) => piece.kind === 'directions')
      .map((one) => block.text(one));
    yield* doubtsOfClauses(directions.text, clauses);
    yield* doubtsOfDoses({
      name: name.text,
      strength: strength?.text ?? null,
      form: form?.text ?? null,
      directions: directions.text,
    });
  }
  if (!/^[\p{L}\d]/u.test(name.text)) yield 'not-understood';
  if (lacksStrength(name.text, strength, form, directions)) yield 'no-strength';
  const parts = [name, strength, quantity, directions];
  if (parts.some((part) => part && part.confidence < clearWordsMin) || hasUnclearDigits(block))
    yield 'unclear-text';
}

/** A larger number of pieces is rarely handed over: it can be two numbers that were joined. */
const piecesMax = 1_000;

/** Numbers that can be something else than the quantity. */
function* doubtsOfNumbers({
  block,
  strength,
  form,
  quantity,
  directions,
}: Omit<Parts, 'name'>): Generator<Doubt> {
  const isPieces = form === undefined || isSolid(form.text);
  const count = quantity?.quantity ?? undefined;
  const isBare = block.placed.some((one) => one.piece.kind === 'quantity' && /^\d+$/.test(block.text(one)));
  if (isPieces && count !== undefined && (count > piecesMax || (isBare && count < 3)))
    yield 'unclear-quantity';
  const isPacks = block.placed.some((one) => one.piece.kind === 'quantity' && packWord.test(block.text(one)));
  if (isPieces && isPacks) yield 'unclear-quantity';
  if (isNumberBeforeName(block)) yield 'unclear-quantity';
  if (quantity === undefined && packAtEnd.test(directions?.text ?? '')) yield 'unclear-quantity';
  const course = isPieces && directions ? quantityOfCourse(directions.text) : undefined;
  if (course !== undefined && count !== undefined && course !== count) yield 'conflicting-quantities';
  if (strength === undefined && (isNumberAfterName(block) || isDoseOfStrength(block)))
    yield 'unclear-strength';
}

/** "2 boxes" of tablets: how many tablets is open. */
const packWord = /\d ?(?:OP|box|boxes|packs?|packets?|bottles?|containers?|kits?)(?!\p{L})/iu;

/** "28 Ramipril", "2 Ramipril 5 mg capsules daily": a number of a list is small, and directions that begin in its line have a dose. */
function isNumberBeforeName({ placed }: Block): boolean {
  const at = placed.findIndex(({ piece }) => piece.kind === 'name');
  const name = placed[at];
  const number = /^\D{0,3}(\d{1,4}) (?:x )?$/i.exec(name?.segment.text.slice(0, name.piece.start) ?? '')?.[1];
  if (!name || number === undefined || placed[at - 1]?.segment === name.segment) return false;
  const directions = placed.find(({ piece }) => piece.kind === 'directions');
  const text = directions?.segment.text.slice(directions.piece.start, directions.piece.end) ?? '';
  return (
    Number(number) >= 20 ||
    (directions?.segment === name.segment &&
      /^(?:daily|od|bd|tds|qds|once|twice|three|four|every|each|at|in the|nightly|a day)(?!\p{L})/iu.test(
        text,
      ))
  );
}

const packAtEnd =
  /(?<!\p{L})total \d{1,4}[ .]{0,2}$|(?:[,;.] ?|\()\d{1,4} ?(?:tablets?|tabs?|capsules?|caps?|mls?|g|patches|sachets?|pens?|vials?|ampoules?|bottles?|tubes?|inhalers?)\)?[ .]{0,2}$/iu;

/** A number right after the name is the strength in many lists: "Crocin 650", "Amlodipine 5 OD". */
function isDoseOfStrength({ placed }: Block): boolean {
  const at = placed.findIndex(({ piece }) => !/name|form/.test(piece.kind));
  const [before, next] = [placed[at - 1], placed[at]];
  if (!before || !next || before.segment !== next.segment) return false;
  const { text } = next.segment;
  if (!/^[ .]{0,2}$/.test(text.slice(before.piece.end, next.piece.start))) return false;
  const rest = text.slice(next.piece.start, next.piece.end);
  return /^(?:\d+$|\d{2,}(?![\d./-]| ?(?:ml|puffs?|units?|drops?))|\d+\.\d|[2-9] (?:od|bd|tds|qds|hs|sos|bid|tid|qid|daily|once|twice))/i.test(
    rest,
  );
}

/** Pieces of a drug that comes in several strengths, and no word of which. */
function lacksStrength(name: string, strength?: Part, form?: Part, directions?: Part): boolean {
  if (strength || (form && !isSolid(form.text)) || !form) return false;
  return hasPiecesOfSeveralStrengths(name) && !amountOfDrug.test(directions?.text ?? '');
}

function* doubtsOfText({
  name,
  strength,
  form,
  directions,
}: Pick<Parts, 'name' | 'strength' | 'form'> & { directions: Part }): Generator<Doubt> {
  const { text } = directions;
  if (!form && formAt(text, 0)) yield 'not-understood';
  if (isDoseOrStrength(name.text, strength !== undefined, form !== undefined, text)) yield 'unclear-strength';
  if (changed.test(text)) yield 'unclear-history';
  if (unknownWords(text, ownWords(name.text, form?.text)).length > 0) yield 'unknown-words';
}

/** Text right after the drug, without a mark before it, that does not begin like directions ("and 3 mg tablets"), or text that begins with a unit. */
function beginsOddly(block: Block): boolean {
  if (block.placed.some((placed) => placed.piece.kind === 'directions' && lostUnit.test(block.text(placed))))
    return true;
  const at = block.placed.findIndex(({ piece }) => piece.kind === 'directions');
  const [before, directions] = [block.placed[at - 1], block.placed[at]];
  if (
    !before ||
    !directions ||
    before.segment !== directions.segment ||
    !/name|strength|form/.test(before.piece.kind)
  )
    return false;
  const between = before.segment.text.slice(before.piece.end, directions.piece.start);
  return !/[,;:|.–-]/.test(between) && !beginning.test(block.text(directions));
}

const lostUnit = /^(?:\/|%|(?:mg|mcg|ml|g|units?|iu|micrograms?)(?!\p{L}))/iu;
const beginning =
  /^(?:\d|[(½¼¾]|one|two|three|half|a |as |for|at |in |on|od|om|bd|bid|tds|tid|qds|qid|qd|qhs|hs|prn|sos|stat|nocte|mane|po|by|oral|orally|sl|sc|im|iv|pr|pv|to |up |if|when|every|each|once|twice|daily|nightly|weekly|alternate|with|before|after|max|via|into|under|bei|q\d|take|give|use|apply|inhale|inject|insert|instil|put|place|chew|dissolve|swallow|suck|spray|rub|change|wear|sig)/i;

/** "(was 2.5 mg)", "10 mg from next week": what is written can be the old or the new. */
const changed =
  /(?<!\p{L})(?:was|previously|formerly|old dose|new dose|from (?:next|now|tomorrow)|->|→)(?!\p{L})/iu;
/** "Magnesium 400", "Amlodipine 5 OD": the number can be the strength without its unit. */
function isNumberAfterName({ placed }: Block): boolean {
  return placed.some(({ piece, segment }, index) => {
    const next = placed[index + 1];
    if (piece.kind !== 'name' || next?.segment !== segment) return false;
    return (
      /^ ?\d/.test(segment.text.slice(piece.end)) &&
      !/^ ?\d+ ?(?:tablets?|tabs?|capsules?|caps?|ml|puffs?|drops?|units?|sprays?|sachets?|patch(?:es)?)(?!\p{L})/iu.test(
        segment.text.slice(piece.end),
      )
    );
  });
}

/** "Ramipril 5 mg capsules 10 mg, one daily": an amount follows the form without a mark. */
function hasSecondStrength({ placed }: Block): boolean {
  return placed.some(({ piece, segment }, index) => {
    const next = placed[index + 1];
    if (piece.kind !== 'form' || next?.piece.kind !== 'directions' || next.segment !== segment) return false;
    return /^ \d[\d.,]* ?(?:mg|mcg|micrograms?|g) ?(?:[,;]|$)/i.test(segment.text.slice(piece.end));
  });
}

/** Tablets of methotrexate have at most 10 mg: 25 mg is 2.5 mg that lost its point. */
const isTooStrong = (name: string, strength: string | undefined, form: string | undefined) =>
  /methotrexat/i.test(name) && /tablet/.test(form ?? '') && Number.parseFloat(strength ?? '0') > 10;

const amountOfDrug = /\d ?(?:mg|mcg|micrograms?|µg|μg|g)(?![\p{L}/])/iu;

/**
 * Without a strength, an amount at the beginning of the directions can be it: "Nicotine: 21 mg apply one patch". Without a form, a second amount makes the
 * first a dose: "Hydrocortisone 10 mg in the morning, 5 mg at noon". Insulin is given in units.
 */
function isDoseOrStrength(name: string, hasStrength: boolean, hasForm: boolean, directions: string): boolean {
  if (hasStrength) return !hasForm && amountOfDrug.test(directions) && !/[(]/.test(directions);
  const isFirst = /^\d/.test(directions) && findStrength(directions.split(' ', 3).join(' '), 0)?.start === 0;
  return isFirst && !/insulin/i.test(name);
}

function ownWords(name: string, form: string | undefined): ReadonlySet<string> {
  return new Set(`${name} ${form ?? ''}`.toLowerCase().split(/[^\p{L}\p{N}'-]+/u));
}
