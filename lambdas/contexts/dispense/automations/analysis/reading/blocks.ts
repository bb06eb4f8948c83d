import type { Doubt } from './doubts.ts';
import { nothingOpen, type Open, opened, type Piece } from './open-drug.ts';
import type { Segment } from './segments.ts';

/** A piece with the segment that it stands in. */
export interface Placed {
  readonly piece: Piece;
  readonly segment: Segment;
}

/** A drug with all pieces about it. */
export class Block {
  readonly placed: Placed[] = [];
  readonly segments: Segment[] = [];
  readonly doubts = new Set<Doubt>();
  /** Directions stand below its quantity: they can belong to the next drug. */
  isExtended = false;
  /** The drug is not to be handed over. */
  isAside = false;
  open: Open = nothingOpen;

  add(piece: Piece, segment: Segment): void {
    this.placed.push({ piece, segment });
    this.open = opened({ ...this.open, isOpen: true }, piece, segment.text);
    if (!this.segments.includes(segment)) this.segments.push(segment);
  }

  /** Removes what was read in a segment, to read it again together with the words that wrapped. */
  remove(segment: Segment): void {
    const rest = this.placed.filter((placed) => placed.segment !== segment);
    this.placed.length = 0;
    this.segments.splice(this.segments.indexOf(segment), 1);
    this.open = { ...nothingOpen, isOpen: true };
    for (const { piece, segment: own } of rest) this.add(piece, own);
  }

  text(placed: Placed): string {
    return placed.segment.text.slice(placed.piece.start, placed.piece.end);
  }
}

/** The pieces of a segment, split where a drug begins: what comes before belongs to the drug above. */
export function splitByDrug(pieces: readonly Piece[]): {
  readonly before: Piece[];
  readonly drugs: Piece[][];
} {
  const before: Piece[] = [];
  const drugs: Piece[][] = [];
  for (const [index, piece] of pieces.entries()) {
    const isFormOfNext = piece.kind === 'form' && pieces[index + 1]?.kind === 'name';
    const last = drugs.at(-1);
    if (isFormOfNext || (piece.kind === 'name' && !continues(last))) drugs.push([piece]);
    else (last ?? before).push(piece);
  }
  return { before, drugs };
}

/** The next name belongs to the drug: after its form ("Tab. Metformin"), or in a combination. */
function continues(drug: readonly Piece[] | undefined): boolean {
  if (!drug) return false;
  const isOnlyForm = drug.length === 1 && drug[0]?.kind === 'form';
  return isOnlyForm || drug.at(-1)?.kind === 'strength';
}
