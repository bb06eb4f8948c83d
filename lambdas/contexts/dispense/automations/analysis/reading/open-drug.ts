/** A part of a segment. The pieces of a segment and the punctuation between them are all of its text. */
export type Piece =
  | {
      readonly kind: 'name' | 'strength' | 'form' | 'directions' | 'known';
      readonly start: number;
      readonly end: number;
      readonly value?: string;
      readonly isUnclear?: boolean;
    }
  | {
      readonly kind: 'quantity';
      readonly start: number;
      readonly end: number;
      readonly quantity: number | undefined;
      readonly form?: string;
      readonly isUnclear: boolean;
    };

/** What a drug that began above already has. */
export interface Open {
  readonly isOpen: boolean;
  readonly hasStrength: boolean;
  readonly hasForm: boolean;
  readonly hasQuantity: boolean;
  readonly hasDirections: boolean;
  /** Its directions say how much is taken. */
  readonly hasDose: boolean;
  /** Its directions end in the middle of a phrase. */
  readonly isUnfinished: boolean;
}

export const nothingOpen: Open = {
  isOpen: false,
  hasStrength: false,
  hasForm: false,
  hasQuantity: false,
  hasDirections: false,
  hasDose: false,
  isUnfinished: false,
};

/** What a drug has after this piece. */
export function opened(open: Open, piece: Piece, text: string): Open {
  switch (piece.kind) {
    case 'name':
      return { ...open, isOpen: true };
    case 'strength':
      return { ...open, hasStrength: true };
    case 'form':
      return { ...open, hasForm: true };
    case 'quantity':
      return { ...open, hasQuantity: true, isUnfinished: false };
    case 'directions':
      return {
        ...open,
        hasDirections: true,
        hasDose: open.hasDose || dose.test(text.slice(piece.start, piece.end)),
        isUnfinished: isUnfinished(text.slice(piece.start, piece.end)),
      };
    default:
      return { ...open, isUnfinished: false };
  }
}

const dose =
  /^(?:(?:take|takes|give|use|instil|instill|put|place|inhale|inject|insert|chew|suck|dissolve|swallow) )?(?:(?:\d|½|one|two|three|four|five|six|eight|half)(?![\p{L}/]| ?(?:times|hours|days|weeks))|apply|to be (?:taken|applied))/iu;

const unfinished =
  /(?:^|[ (])(?:take|takes|give|use|apply|inhale|inject|chew|swallow|put|instil|instill|insert|place|dissolve|suck|for|every|of|in|into|to|the|a|an|with|and|or|at|by|up|than|per|each|x|\d{1,3}|one|two|three|four|half|max|maximum|prendre|pendant|bis|je)$/i;

const isUnfinished = (directions: string) => unfinished.test(directions);
