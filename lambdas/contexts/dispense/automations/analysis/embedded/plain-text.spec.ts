import { describe, expect, it } from '@jest/globals';
import { readPlainText } from './plain-text.ts';
import { linesIn } from './readers-under-test.fixture.ts';

const read = (text: string) => readPlainText(Buffer.from(text));

describe('plain text', () => {
  it.each(['\n', '\r', '\r\n', '\u2028'])('has a line per line end %j', (end) => {
    expect(linesIn(read(['Amoxicillin 500 mg', '', '21 capsules'].join(end)))).toEqual([
      'Amoxicillin 500 mg',
      '21 capsules',
    ]);
  });

  it('has words at their columns, with tab stops', () => {
    expect(read('Drug\tQty:  21').pages).toEqual([
      [
        {
          words: [
            { text: 'Drug', left: 0, right: 4, confidence: 1 },
            { text: 'Qty:', left: 8, right: 12, confidence: 1 },
            { text: '21', left: 14, right: 16, confidence: 1 },
          ],
        },
      ],
    ]);
  });

  it('begins a page at a form feed', () => {
    expect(read('one\ftwo\nthree\f').pages.map((page) => page.length)).toEqual([1, 2]);
  });

  it('keeps characters as written', () => {
    expect(linesIn(read('1½ ﬁve 5 µg'))).toEqual(['1½ ﬁve 5 µg']);
  });

  it('is of no sure encoding if its bytes can mean something else', () => {
    expect(readPlainText(Buffer.from('f\xfcr', 'latin1')).doubts).toEqual(['unsure-encoding']);
    expect(read('für').doubts).toEqual([]);
  });
});
