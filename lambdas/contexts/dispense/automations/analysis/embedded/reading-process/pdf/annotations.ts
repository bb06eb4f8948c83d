import type { PlacedWord } from '../layout/lines.ts';
import { boxOf, type Matrix } from './matrix.ts';

/** An annotation or a form field, as pdf.js gives it. */
export interface Annotation {
  readonly id: string;
  readonly subtype?: string;
  readonly annotationFlags?: number;
  readonly rect: readonly [number, number, number, number];
  readonly fieldType?: string;
  readonly fieldValue?: unknown;
  readonly buttonValue?: unknown;
  readonly exportValue?: unknown;
  /** Of a choice: what its values are called for people. */
  readonly options?: readonly FieldOption[];
}

interface FieldOption {
  readonly exportValue?: unknown;
  readonly displayValue?: unknown;
}

/** What annotations add to a page. */
export interface ReadAnnotations {
  /** The values of form fields that the page does not paint. Programs show them in the field. */
  readonly words: readonly PlacedWord[];
  /** One means something that is not read: a note, a stamp, a line through a text, a mark in a box. */
  readonly hasUnreadable: boolean;
}

/** Hidden, or not to be shown (ISO 32000-1, table 165). */
const hiddenFlags = 0x02 | 0x20;
/** These do not change what a page says. */
const harmless = ['Link', 'Popup', 'Highlight', 'Underline'];
/** The size of text in a field, in heights of the field, and its widest character. */
const fieldTextShare = 0.6;
const fieldTextMaxPt = 12;
const characterWidth = 0.5;

/** `painted`: the ids of those whose text is on the page anyway. `view`: from the page's coordinates to its top left corner. */
export function readAnnotations(
  annotations: readonly Annotation[],
  painted: ReadonlySet<string>,
  view: Matrix,
): ReadAnnotations {
  const words: PlacedWord[] = [];
  let hasUnreadable = false;
  for (const annotation of annotations) {
    const { id, subtype = '', annotationFlags = 0 } = annotation;
    if ((annotationFlags & hiddenFlags) !== 0 || harmless.includes(subtype)) continue;
    if (subtype !== 'Widget') hasUnreadable ||= !painted.has(id) || subtype === 'StrikeOut';
    else if (annotation.fieldType === 'Btn') hasUnreadable ||= isMarked(annotation);
    else if (!painted.has(id)) {
      const values = shownValues(annotation);
      words.push(...wordsOfField(values, annotation, view));
      hasUnreadable ||= values.includes(undefined);
    }
  }
  return { words, hasUnreadable };
}

function isMarked({ fieldValue, buttonValue, exportValue }: Annotation): boolean {
  const value = fieldValue ?? buttonValue;
  return (
    value !== undefined &&
    value !== null &&
    value !== '' &&
    value !== 'Off' &&
    value === (exportValue ?? value)
  );
}

/** What programs show for the field's values. Undefined for a value of a choice that has no name, or several. */
function shownValues({ fieldType, fieldValue, options = [] }: Annotation): (string | undefined)[] {
  const values = (Array.isArray(fieldValue) ? fieldValue : [fieldValue]).filter(
    (value) => typeof value === 'string',
  );
  if (fieldType !== 'Ch') return values;
  return values.filter((value) => value !== '').map((value) => displayValue(value, options));
}

/** Undefined if it is not one name for people. */
function displayValue(value: string, options: readonly FieldOption[]): string | undefined {
  const names = options.filter((option) => option.exportValue === value).map((option) => option.displayValue);
  const [name] = names;
  return names.length === 1 && typeof name === 'string' ? name : undefined;
}

function wordsOfField(
  values: readonly (string | undefined)[],
  { rect }: Annotation,
  view: Matrix,
): PlacedWord[] {
  const lines = values
    .filter((value) => value !== undefined)
    .join('\n')
    .split(/\r\n|[\r\n]/);
  const { left, top, bottom } = boxOf(view, rect);
  const height = (bottom - top) / lines.length;
  const size = Math.min(fieldTextMaxPt, height * fieldTextShare);
  return lines.flatMap((line, index) => {
    const middle = top + height * (index + 0.5);
    return [...line.matchAll(/\S+/gu)].map(({ 0: text, index: column }) => ({
      text,
      left: left + column * size * characterWidth,
      right: left + (column + text.length) * size * characterWidth,
      top: middle - size / 2,
      bottom: middle + size / 2,
      confidence: 1,
    }));
  });
}
