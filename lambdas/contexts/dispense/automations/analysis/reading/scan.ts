import { isDirectionWord } from './direction-words.ts';
import { formAt } from './forms.ts';
import { longestNameAt } from './lexicon/lexicon.ts';
import { type FoundName, knownNameAt, nameBeforeStrength, skipPrefix, unknownNameAt } from './names.ts';
import { nothingOpen, type Open, opened, type Piece } from './open-drug.ts';
import { matchAt, sticky } from './patterns.ts';
import {
  type FoundQuantity,
  isDoseBefore,
  knownPhraseAt,
  labelledQuantityAt,
  packAt,
  packsAt,
  plainQuantityAt,
} from './quantities.ts';
import { packSource, ratioAt, strengthAt } from './strengths.ts';

const separators = /[ ,;:|.–—•*·>℞\-=_]/;
const listMarker = sticky(
  '(?:[(\\[]?\\d{1,2}[.)\\]:-]{1,2}(?!\\d)|#\\d{1,2}[.):]?(?= \\p{L})|[-*•·>☐□✓]|o(?= )|(?:rx|rp)[:.]?(?= ))[ .]{0,3}',
);
const fieldLabel = sticky(
  '(?:sig|s|directions?(?: for use)?|instructions?|dose|dosage|dosing|frequency|route|duration|take|label|admin(?:istration)?|how to take|use|d\\.?s\\.?|posologie|dosierung)(?: ?:|\\.(?= )) ?',
);
const partLabel = sticky(
  '(?:drug|medicine|medication|product|item|wirkstoff|arzneimittel|médicament|name|strength|form|formulation|dosage form|presentation)(?: name)? ?: ?',
);

/** Reads one segment from left to right. `next`: the text that follows it in the document. */
export function scan(text: string, open: Open, next = ''): Piece[] {
  return new Scanner(text, open, next).scan();
}

class Scanner {
  readonly #text: string;
  readonly #next: string;
  readonly #pieces: Piece[] = [];
  #open: Open;
  #at = 0;

  constructor(text: string, open: Open, next: string) {
    this.#text = text;
    this.#next = next;
    this.#open = open;
  }

  scan(): Piece[] {
    this.#at = this.#endOfMarker();
    this.#skip();
    while (this.#at < this.#text.length) {
      this.#clause();
      this.#skip();
    }
    return this.#pieces;
  }

  /** "2.", "#1", "-". A number alone is one only before a name: "2 Ramipril". */
  #endOfMarker(): number {
    const marker = matchAt(listMarker, this.#text, 0);
    if (marker) return this.#isMarker(marker[0]) ? marker[0].length : 0;
    const number = /^(?:\d|1[0-2]) (?=\p{Lu})/u.exec(this.#text)?.[0].length ?? 0;
    return number > 0 && longestNameAt(this.#text, number) > 0 ? number : 0;
  }

  /** A number before a form, a unit or another number is a dose: "(2) tablets", "1- 2 tablets", "#30 tablets". */
  #isMarker(marker: string): boolean {
    if (!/\d/.test(marker)) return !/^\d/.test(this.#text.slice(marker.length)) || !marker.startsWith('-');
    const at = marker.length;
    if (knownNameAt(this.#text, at) || nameBeforeStrength(this.#text, at)) return true;
    const word = /^\p{L}+/u.exec(this.#text.slice(at))?.[0] ?? '';
    const goesOn = isDirectionWord(word) || /^\W*\d/.test(this.#text.slice(at));
    return !goesOn && formAt(this.#text, at) === undefined;
  }

  /** Reads what begins at a boundary. */
  #clause(): void {
    const label = matchAt(partLabel, this.#text, this.#at);
    if (label) this.#at += label[0].length;
    if (this.#phrase() || this.#drug(label !== undefined) || this.#wrapped()) return;
    const field = matchAt(fieldLabel, this.#text, this.#at);
    if (field && this.#at + field[0].length < this.#text.length) {
      this.#at += field[0].length;
      this.#run();
      return;
    }
    if (this.#packOfForm() || this.#plainQuantity()) return;
    this.#run();
  }

  /** Refills and quantities with a label. */
  #phrase(): boolean {
    if (!this.#open.isOpen) return false;
    const at = this.#at;
    const known = knownPhraseAt(this.#text, at);
    if (known !== undefined) return this.#push({ kind: 'known', start: at, end: known });
    const found = labelledQuantityAt(this.#text, at);
    return found !== undefined && this.#push({ kind: 'quantity', start: at, ...found });
  }

  /** A drug and its pack without a comma: "eye drops 5 ml one drop …". Only of forms that are not measured in ml for a dose. */
  #packOfForm(): boolean {
    const last = this.#pieces.at(-1);
    if (last?.kind !== 'form' || !isForSkin(last.value)) return false;
    if (/[,;|]/.test(this.#text.slice(last.end, this.#at))) return false;
    const found = matchAt(bulk, this.#text, this.#at);
    return (
      found !== undefined && this.#push({ kind: 'known', start: this.#at, end: this.#at + found[0].length })
    );
  }

  #plainQuantity(): boolean {
    const { isOpen, isUnfinished, hasQuantity } = this.#open;
    if (!isOpen || isUnfinished) return false;
    const packs = packsAt(this.#text, this.#at);
    if (packs) return this.#push({ kind: 'quantity', start: this.#at, ...packs });
    const pack = packAt(this.#text, this.#at);
    const found = pack ?? plainQuantityAt(this.#text, this.#at);
    if (!found) return false;
    // A drug and its pack: "Drops 50 ml". The pack is a part of the product.
    const isInline =
      pack !== undefined &&
      this.#pieces.length > 0 &&
      !/[,;|]/.test(this.#text.slice(this.#pieces.at(-1)?.end, this.#at));
    if (isInline) {
      const last = this.#pieces.at(-1);
      const isSurely = (found.quantity ?? 0) > swallowMax || (last?.kind === 'form' && isForSkin(last.value));
      return isSurely
        ? this.#push({ kind: 'known', start: this.#at, end: found.end })
        : this.#push({ kind: 'quantity', start: this.#at, ...found, isUnclear: true });
    }
    const isDose = this.#isDose(found, pack !== undefined);
    if (isDose === true || (hasQuantity && isDose === undefined)) return false;
    const isUnclear = isDose === undefined || found.quantity === undefined;
    return this.#push({ kind: 'quantity', start: this.#at, ...found, isUnclear });
  }

  /** "20 g" or "4 tablets" alone on a line below a dose. */
  #isAloneAfterDose(end: number): boolean {
    return (
      this.#pieces.length === 0 && end === this.#text.length && this.#open.hasDose && !this.#open.isUnfinished
    );
  }

  /** Whether a number without a label is a dose. Undefined: it can be either. */
  #isDose({ quantity = 0, form, isUnclear, end }: FoundQuantity, isPack: boolean): boolean | undefined {
    if (form === undefined && !isPack) return false;
    const by = isDoseBefore(`${this.#text.slice(end)} ${this.#next}`);
    if (by === true) return quantity <= 20 || isPack ? true : undefined;
    if (by === false || this.#isAloneAfterDose(end)) return false;
    return isUnclear || (isPack && quantity < 50) ? undefined : false;
  }

  /** Strength and form of a drug whose name is on the line above. */
  #wrapped(): boolean {
    const { isOpen, hasStrength, hasForm, hasDirections } = this.#open;
    if (!isOpen || hasDirections) return false;
    const strength = hasStrength || this.#isInsulinDose() ? undefined : strengthAt(this.#text, this.#at);
    if (strength) {
      this.#push({ kind: 'strength', start: this.#at, end: strength.end });
      this.#form();
      return true;
    }
    const form = hasForm ? undefined : formAt(this.#text, this.#at);
    return (
      form !== undefined && this.#push({ kind: 'form', start: form.start, end: form.end, value: form.form })
    );
  }

  #drug(isLabelled: boolean): boolean {
    const at = skipPrefix(this.#text, this.#at);
    const isFirst = this.#pieces.length === 0;
    const strong = nameBeforeStrength(this.#text, at);
    if (strong) return this.#name(strong);
    // "with a glass of" + "water": the line above goes on.
    if (this.#open.isUnfinished && /^\p{Ll}/u.test(this.#text.slice(at))) return false;
    const known = knownNameAt(this.#text, at);
    if (known && (isLabelled || this.#isDrugAfter(known.end, isFirst))) return this.#name(known);
    const unknown = isFirst ? unknownNameAt(this.#text, at) : undefined;
    return unknown !== undefined && this.#name(unknown);
  }

  /** A name without strength needs something of a drug after it. */
  #isDrugAfter(at: number, isFirst: boolean): boolean {
    const rest = this.#text.slice(at);
    return /^ /.test(rest) && formAt(this.#text, at + 1) !== undefined ? true : isFirst;
  }

  #name(found: FoundName): boolean {
    const early = found.form && found.form.start < found.start ? found.form : undefined;
    const late = found.form && !early ? found.form : undefined;
    if (early) this.#push({ kind: 'form', start: early.start, end: early.end, value: early.form }, true);
    this.#push({ kind: 'name', start: found.start, end: found.end });
    this.#open = { ...nothingOpen, isOpen: true, hasForm: early !== undefined };
    if (late) this.#push({ kind: 'form', start: late.start, end: late.end, value: late.form });
    this.#strengths();
    this.#form();
    this.#brackets();
    return true;
  }

  /** The strength, and the other drugs of a combination: "acetaminophen 325 MG / oxycodone 5 MG". */
  #strengths(): void {
    this.#skip();
    const strength = this.#isInsulinDose() ? undefined : this.#strengthHere();
    if (!strength) return;
    this.#push({ kind: 'strength', ...strength });
    const joined = matchAt(combination, this.#text, this.#at);
    if (!joined) return;
    const at = this.#at + joined[0].length;
    const other = nameBeforeStrength(this.#text, at);
    if (!other || other.form) return;
    this.#push({ kind: 'name', start: at, end: other.end });
    this.#strengths();
  }

  /** "Insulin aspart 8 units": the number is the dose. */
  #isInsulinDose(): boolean {
    return (
      /insulin|novo|humalog|humulin|lantus|levemir|tresiba|toujeo/i.test(this.#text.slice(0, this.#at)) &&
      /^\d{1,3} ?(?:units?|iu|u)(?! ?\/| per )(?!\p{L})/iu.test(this.#text.slice(this.#at))
    );
  }

  #strengthHere() {
    const found =
      strengthAt(this.#text, this.#at) ?? unclearAt(this.#text, this.#at) ?? ratioAt(this.#text, this.#at);
    return found && { start: this.#at, end: found.end, isUnclear: found.isUnclear };
  }

  #form(): void {
    const at = matchAt(beforeForm, this.#text, this.#at)?.[0].length ?? 0;
    const form = formAt(this.#text, this.#at + at);
    if (form) this.#push({ kind: 'form', start: this.#at, end: form.end, value: form.form });
  }

  /** A manufacturer, a brand or a remark after the form. */
  #brackets(): void {
    const found = matchAt(remark, this.#text, this.#at);
    if (found) this.#push({ kind: 'known', start: this.#at, end: this.#at + found[0].length });
  }

  /** Directions up to the next part that is something else. */
  #run(): void {
    const start = this.#at;
    while (this.#at < this.#text.length) {
      this.#at = nextWord(this.#text, this.#at);
      if (this.#at >= this.#text.length || this.#isOtherPart()) break;
    }
    const end = start + this.#text.slice(start, this.#at).replace(/[ ,;:|–-]{1,9}$/, '').length;
    if (end > start) this.#push({ kind: 'directions', start, end });
  }

  /** Whether something else than directions begins here. */
  #isOtherPart(): boolean {
    const before = this.#text.slice(0, this.#at).trimEnd().at(-1) ?? '';
    const isBoundary = /[,;.|–-]/.test(before);
    const at = this.#at;
    if (labelledQuantityAt(this.#text, at) !== undefined) return true;
    // In the middle of a clause, only refills and days of supply are no directions: "repeat x 1 in 2 hours", "maximum 24 puffs".
    if (knownPhraseAt(this.#text, at) !== undefined && (isBoundary || refill.test(this.#text.slice(at))))
      return true;
    if (!isBoundary)
      return (
        nameBeforeStrength(this.#text, at)?.end === knownNameAt(this.#text, at)?.end &&
        knownNameAt(this.#text, at) !== undefined
      );
    if (this.#isPlainQuantity()) return true;
    const name = nameBeforeStrength(this.#text, at);
    if (name) return true;
    const known = knownNameAt(this.#text, at);
    return known !== undefined && formAt(this.#text, known.end + 1) !== undefined;
  }

  #isPlainQuantity(): boolean {
    if (!this.#open.isOpen || this.#open.hasQuantity) return false;
    const pack = packAt(this.#text, this.#at);
    const found = pack ?? plainQuantityAt(this.#text, this.#at);
    return found !== undefined && this.#isDose(found, pack !== undefined) === false;
  }

  #push(piece: Piece, isBeforeName = false): true {
    this.#pieces.push(piece);
    this.#at = piece.end;
    if (!isBeforeName) this.#open = opened(this.#open, piece, this.#text);
    return true;
  }

  #skip(): void {
    while (
      this.#at < this.#text.length &&
      separators.test(this.#text[this.#at] ?? '') &&
      !strengthAt(this.#text, this.#at)
    )
      this.#at += 1;
  }
}

const bulk = sticky(packSource);
const refill =
  /^(?:refills?|no refills?|r-\d|rf|\d{1,2} (?:refills?|repeats)|\d{1,3}[ -]days?['’]?s? supply|days?['’]?s? supply)/i;
const combination = sticky(' ?(?:[/+&]|and|plus) ?(?=\\p{L})');
const beforeForm = sticky('(?:[ ,-]|per | per |/){1,3}');
const remark = sticky(
  ' ?(?:\\[[\\p{L} -]{3,30}\\]|\\((?:[\\p{L} .&-]{2,30} )?(?:plc|ltd|limited|inc|gmbh|pharma|pharmaceuticals?|uk|labs?|generics?|teva|accord|sandoz|mylan|zentiva)\\.?(?: [\\p{L}]{2,10})?\\)|\\((?:sugar free|preservative free|gluten free|generic|brand|(?:as )?[\\p{L}]{4,20} (?:hydrochloride|sodium|maleate|besylate|besilate|tartrate|succinate))\\)|[®™])',
);
const unclear =
  /^[0-9OoQSsIilBZ|][0-9OoQSsIilBZ|.,]{0,6} ?(?:mg|mcg|µg|μg|micrograms?|g|ml|units?|iu|%)(?![\p{L}\p{N}])/u;

function unclearAt(text: string, at: number) {
  const found = unclear.exec(text.slice(at, at + 24));
  return found && /[OoQSsIilBZ|]/.test(found[0].split(/ |m|µ|μ|g|u|%/)[0] ?? '')
    ? { end: at + found[0].length, isUnclear: true }
    : undefined;
}

/** More ml or g than these are no dose. */
const swallowMax = 25;

/** Forms of which no dose is measured in ml or g. */
const isForSkin = (form = '') =>
  /drops|cream|ointment|gel|lotion|shampoo|foam|injection|pen|spray/.test(form);

function nextWord(text: string, at: number): number {
  const next = text.slice(at + 1).search(/(?<=[ (/;,|])[^ ]/);
  return next < 0 ? text.length : at + 1 + next;
}
