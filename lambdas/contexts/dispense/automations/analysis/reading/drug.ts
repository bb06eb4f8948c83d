import { drugSchema } from '../../../api/requests.ts';
import type { ProposedDrug } from '../../../domain/events.ts';
import type { Block, Placed } from './blocks.ts';
import { quantityOfCourse } from './course.ts';
import { isFrequency } from './direction-words.ts';
import type { Doubt } from './doubts.ts';
import { doubtsOf, type Part } from './drug-doubts.ts';
import { bareNoun, isSolid, nounOfWord } from './forms.ts';
import { confidenceOf } from './segments.ts';

/** How certain a quantity is that follows from the directions. */
const derivedConfidence = 0.9;

/** The drug of a block. Undefined: a part does not fit into a drug, so its lines are not understood. */
export function drugOf(block: Block): ProposedDrug | undefined {
  const doubts = new Set<Doubt>(block.doubts);
  const name = partOf(block, 'name', ' / ');
  const strength = strengthOf(block, doubts);
  const form = formOf(block, doubts);
  const directions = partOf(block, 'directions', ' ');
  const quantity = quantityOf(block, doubts);
  if (!name) return undefined;
  const derived =
    quantity || !directions || !canDerive(form, directions.text, doubts)
      ? undefined
      : quantityOfCourse(directions.text);
  for (const doubt of doubtsOf({ block, name, strength, form, quantity, directions })) doubts.add(doubt);
  const drug = {
    name: name.text,
    strength: strength?.text ?? null,
    form: form?.text ?? null,
    quantity: quantity?.quantity ?? derived ?? null,
    directions: directions?.text ?? null,
    quantityIsDerived: derived !== undefined,
    confidence: {
      name: name.confidence,
      strength: strength?.confidence ?? null,
      form: form?.confidence ?? null,
      quantity:
        quantity?.confidence ??
        (derived === undefined ? null : Math.min(derivedConfidence, directions?.confidence ?? 0)),
      directions: directions?.confidence ?? null,
    },
    doubts: [...doubts],
  };
  return fits(drug) ? drug : undefined;
}

const leastOf = (placed: readonly Placed[]) =>
  placed.reduce((least, one) => Math.min(least, confidenceOfPlaced(one)), 1);

function placedOf(block: Block, kind: Placed['piece']['kind']): Placed[] {
  return block.placed.filter(({ piece }) => piece.kind === kind);
}

function partOf(block: Block, kind: Placed['piece']['kind'], joint: string): Part | undefined {
  const placed = placedOf(block, kind);
  if (placed.length === 0) return undefined;
  const text = placed.map((one) => block.text(one)).join(joint);
  return { text, confidence: leastOf(placed) };
}

function confidenceOfPlaced({ piece, segment }: Placed): number {
  if (piece.kind !== 'directions') return confidenceOf(segment, piece.start, piece.end);
  // The words that say how much and how often. A misread "the" harms nobody.
  const words = segment.words.filter((word, index) => {
    const start = segment.starts[index] ?? 0;
    return start >= piece.start && start < piece.end && isDoseWord(word.text);
  });
  return words.reduce((least, word) => Math.min(least, word.confidence), 1);
}

/** How much, how often and when: "night" and "right", "Monday" and "Sunday" are one misread letter apart. */
const isDoseWord = (word: string) =>
  isFrequency(word.replace(/\W+$/u, '')) ||
  /\d|[½¼¾]|^(?:one|two|three|four|five|six|seven|eight|nine|ten|half|week|day|days|weeks|months?|hours?|needed|required|not|only|max|maximum|\p{L}{3,6}days?)\W*$/iu.test(
    word,
  );

function strengthOf(block: Block, doubts: Set<Doubt>): Part | undefined {
  const placed = placedOf(block, 'strength');
  const names = placedOf(block, 'name').length;
  if (placed.some(({ piece }) => piece.kind === 'strength' && piece.isUnclear)) doubts.add('unclear-number');
  const texts = new Set(placed.map((one) => block.text(one).replaceAll(' ', '').toLowerCase()));
  if (names <= 1 && texts.size > 1) doubts.add('conflicting-strengths');
  if (names > 1 && placed.length !== names) doubts.add('conflicting-strengths');
  if (names > 1) return partOf(block, 'strength', ' / ');
  const first = placed[0];
  return first && { text: block.text(first), confidence: leastOf(placed) };
}

function formOf(block: Block, doubts: Set<Doubt>): Part | undefined {
  const forms = placedOf(block, 'form').flatMap((placed) =>
    placed.piece.kind === 'form' && placed.piece.value
      ? [{ text: placed.piece.value, confidence: confidenceOfPlaced(placed) }]
      : [],
  );
  const counted = placedOf(block, 'quantity').flatMap((placed) =>
    placed.piece.kind === 'quantity' && placed.piece.form
      ? [{ text: placed.piece.form, confidence: confidenceOfPlaced(placed) }]
      : [],
  );
  const solid = new Set(
    [...forms, ...counted].filter(({ text }) => isSolid(text)).map(({ text }) => bareNoun(text)),
  );
  if (solid.size > 1) doubts.add('conflicting-forms');
  return forms[0] ?? counted[0];
}

function quantityOf(
  block: Block,
  doubts: Set<Doubt>,
): { readonly quantity: number | null; readonly confidence: number } | undefined {
  const placed = placedOf(block, 'quantity');
  const quantities = placed.flatMap(({ piece }) => (piece.kind === 'quantity' ? [piece] : []));
  if (quantities.length === 0) return undefined;
  if (quantities.some(({ isUnclear, quantity }) => isUnclear || quantity === undefined))
    doubts.add('unclear-quantity');
  const different = new Set(quantities.map(({ quantity }) => quantity));
  if (different.size > 1) doubts.add('conflicting-quantities');
  const quantity = different.size === 1 ? (quantities[0]?.quantity ?? null) : null;
  return { quantity, confidence: leastOf(placed) };
}

/** A course is counted in whole pieces of a solid form. */
function canDerive(form: Part | undefined, directions: string, doubts: ReadonlySet<Doubt>): boolean {
  if (doubts.size > 0) return false;
  if (form) return isSolid(form.text);
  return directions.split(/[^\p{L}]+/u).some((word) => isSolid(nounOfWord(word) ?? ''));
}

/** Whether a person can add the drug as it is. */
function fits(drug: ProposedDrug): boolean {
  const { name, strength, form, quantity, directions } = drug;
  const parsed = drugSchema.safeParse({
    name,
    strength: strength ?? 'x',
    form: form ?? 'x',
    quantity: quantity ?? 1,
    directions: directions ?? 'x',
  });
  return (
    parsed.success &&
    parsed.data.name === name &&
    (directions === null || parsed.data.directions === directions)
  );
}
