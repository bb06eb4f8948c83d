import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { nothingOpen } from './open-drug.ts';
import { text } from './prescription-words.fixture.ts';
import { scan } from './scan.ts';

const open = { ...nothingOpen, isOpen: true };

/** What stands between the pieces: punctuation, list markers, labels of fields. */
const gap =
  /^(?:[\s,;:|.–—•*·>℞\-=_()[\]#]|\d{1,2}[.)\]:-]|#\d{1,2}|\d{1,2} |o |sig|s|directions?(?: for use)?|instructions?|dose|dosage|frequency|route|duration|take|use|drug|medicine|medication|item|name|strength|form|rx|rp|start|started|continue|new|add|prescribe|issue)*$/i;

/** The parts of the text that are in no piece. */
function gapsOf(line: string, pieces: readonly { readonly start: number; readonly end: number }[]): string[] {
  const ends = [0, ...pieces.map(({ end }) => end)];
  const starts = [...pieces.map(({ start }) => start), line.length];
  return ends.map((end, index) => line.slice(end, starts[index]));
}

describe('the pieces of a segment', () => {
  it.each([
    'Amoxicillin 500 mg capsules, 21, take one three times daily',
    '1) Ibuprofen 400mg tablets Qty: 30 Sig: 1 tab every 8 hours',
    'Take 1 tablet daily. Disp-90 tablet, R-3, Normal',
  ])('are all of %j, in order', (line) => {
    const pieces = scan(line, open);
    for (const between of gapsOf(line, pieces)) expect(between).toMatch(gap);
  });

  it('never overlap, and leave only punctuation, list markers and labels between them', () => {
    fc.assert(
      fc.property(text, fc.boolean(), (written, isOpen) => {
        const line = written.replace(/\s+/g, ' ').trim().slice(0, 1_000);
        const pieces = scan(line, isOpen ? open : nothingOpen);
        for (const [index, piece] of pieces.entries()) {
          expect(piece.end).toBeGreaterThan(piece.start);
          expect(piece.start).toBeGreaterThanOrEqual(pieces[index - 1]?.end ?? 0);
        }
        for (const between of gapsOf(line, pieces)) expect(between).toMatch(gap);
      }),
      { numRuns: 1_000 },
    );
  });
});
