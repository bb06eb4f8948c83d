import type { PlacedWord } from '../layout/lines.ts';
import type { Glyph } from './page-content.ts';

/** The words of one direction of writing, turned so that they run to the right. */
export interface DirectedWords {
  readonly words: readonly PlacedWord[];
  /** A digit is raised or lowered: its line means something else than its characters. */
  readonly hasRaisedDigit: boolean;
}

/** Directions closer than this are one, in degrees. */
const sameDirectionDegrees = 5;
/** Of characters of one line: how far apart their base lines are at most, in heights of the smaller one. */
const sameBaseLine = 0.4;
/** A character with another base line is raised or lowered if it is smaller than this, in heights of the line. */
const raisedSizeMax = 0.85;
/** Its base line is at least and at most so far from that of the line. */
const raisedShare = 0.15;
const raisedMax = 0.6;
/** It is closer to a character of the line than this. */
const touchShare = 0.3;
/** The gap that begins a word, in heights of the font. A space is about a quarter. */
const wordGap = 0.17;
/** A character that is shown again nearly at the same place is bold, not doubled: in widths. */
const doubledShare = 0.3;
/** The parts of the font's height above and below the base line. */
const ascent = 0.75;
const descent = 0.25;

/** Joins the characters of a page to words. Characters that are placed one by one, in any order, join by their places. */
export function wordsOfGlyphs(glyphs: readonly Glyph[]): DirectedWords[] {
  return directions(glyphs).map(({ glyphs: group, angle }) => {
    const lines = baseLines(group.map((glyph) => turned(glyph, angle)));
    return {
      words: lines.flatMap(wordsOfLine),
      hasRaisedDigit: lines.some(hasRaisedDigit),
    };
  });
}

interface Direction {
  readonly angle: number;
  readonly glyphs: Glyph[];
}

/** The characters by their direction, the most frequent direction first. */
function directions(glyphs: readonly Glyph[]): Direction[] {
  const groups = new Map<number, Direction>();
  for (const glyph of glyphs) {
    const angle = Math.atan2(glyph.endY - glyph.y, glyph.endX - glyph.x);
    const rounded = Math.round((angle * 180) / Math.PI / sameDirectionDegrees) * sameDirectionDegrees;
    const key = (rounded + 360) % 360;
    const group = groups.get(key) ?? { angle: (key * Math.PI) / 180, glyphs: [] };
    group.glyphs.push(glyph);
    groups.set(key, group);
  }
  return [...groups.values()]
    .filter((group) => group.glyphs.some(({ text }) => text.trim() !== ''))
    .toSorted((a, b) => b.glyphs.length - a.glyphs.length);
}

/** A character with its line running to the right. */
interface LineGlyph {
  readonly text: string;
  readonly left: number;
  readonly right: number;
  readonly base: number;
  readonly size: number;
}

function turned({ text, x, y, endX, endY, size }: Glyph, angle: number): LineGlyph {
  const [cos, sin] = [Math.cos(angle), Math.sin(angle)];
  return {
    text,
    left: x * cos + y * sin,
    right: endX * cos + endY * sin,
    base: y * cos - x * sin,
    size,
  };
}

interface BaseLine {
  readonly base: number;
  /** Of its largest character. */
  readonly size: number;
  readonly glyphs: LineGlyph[];
}

/** The characters by their base lines. A raised or lowered character belongs to the line beside it. */
function baseLines(glyphs: readonly LineGlyph[]): LineGlyph[][] {
  const lines: BaseLine[] = [];
  // Large ones first: what is raised is smaller.
  for (const glyph of glyphs.toSorted((a, b) => b.size - a.size || a.base - b.base)) {
    const line = lines.find((one) => isOnBase(glyph, one)) ?? lines.find((one) => isRaisedIn(glyph, one));
    if (line) line.glyphs.push(glyph);
    else lines.push({ base: glyph.base, size: glyph.size, glyphs: [glyph] });
  }
  return lines.map((line) => line.glyphs.toSorted((a, b) => a.left - b.left));
}

function isOnBase(glyph: LineGlyph, { base }: BaseLine): boolean {
  return Math.abs(base - glyph.base) < sameBaseLine * glyph.size;
}

function isRaisedIn(glyph: LineGlyph, { base, size, glyphs }: BaseLine): boolean {
  if (glyph.size > raisedSizeMax * size || Math.abs(base - glyph.base) > raisedMax * size) return false;
  const touch = touchShare * size;
  return glyphs.some(
    (other) => Math.abs(glyph.left - other.right) < touch || Math.abs(other.left - glyph.right) < touch,
  );
}

function wordsOfLine(glyphs: readonly LineGlyph[]): PlacedWord[] {
  const words: LineGlyph[][] = [];
  let previous: LineGlyph | undefined;
  for (const glyph of glyphs) {
    if (previous && isDoubled(glyph, previous)) continue;
    const isSpace = glyph.text.trim() === '';
    const beginsWord = !previous || previous.text.trim() === '' || isApart(glyph, previous);
    if (!isSpace && beginsWord) words.push([glyph]);
    else if (!isSpace) words.at(-1)?.push(glyph);
    previous = glyph;
  }
  return words.flatMap(wordOf);
}

function isDoubled(glyph: LineGlyph, previous: LineGlyph): boolean {
  const width = previous.right - previous.left;
  return glyph.text === previous.text && Math.abs(glyph.left - previous.left) < doubledShare * width;
}

function isApart(glyph: LineGlyph, previous: LineGlyph): boolean {
  const size = Math.min(glyph.size, previous.size);
  const isOffBase = Math.abs(glyph.base - previous.base) > raisedShare * Math.max(glyph.size, previous.size);
  return isOffBase || glyph.left - previous.right > wordGap * size;
}

/** A character of a font may mean several, also a space. */
function wordOf(glyphs: readonly LineGlyph[]): PlacedWord[] {
  const [first, last] = [glyphs[0] as LineGlyph, glyphs.at(-1) as LineGlyph];
  const base = glyphs.reduce((sum, glyph) => sum + glyph.base, 0) / glyphs.length;
  const size = Math.max(...glyphs.map((glyph) => glyph.size));
  const place = {
    left: first.left,
    right: Math.max(last.right, first.left),
    top: base - ascent * size,
    bottom: base + descent * size,
    confidence: 1,
  };
  const text = glyphs.map((glyph) => glyph.text).join('');
  return text
    .split(/\s+/u)
    .filter((part) => part !== '')
    .map((part) => ({ ...place, text: part }));
}

function hasRaisedDigit(line: readonly LineGlyph[]): boolean {
  const main = line.reduce((largest, glyph) => (glyph.size > largest.size ? glyph : largest));
  return line.some(
    ({ text, base, size }) =>
      /\p{N}/u.test(text) &&
      size <= main.size * raisedSizeMax &&
      Math.abs(base - main.base) > raisedShare * main.size,
  );
}
