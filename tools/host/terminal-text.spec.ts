import { describe, expect, it } from '@jest/globals';
import { painted, paintFor, plain, terminalText } from './terminal-text.ts';

describe('text for a terminal', () => {
  it.each([
    ['text in any language', 'Zürich 💶 東京\tعربي\nnext line', 'Zürich 💶 東京\tعربي\nnext line'],
    ['a code that clears the screen', '\u001b[2J', '\\u001b[2J'],
    ['a title for the window', '\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
    ['the same with one character', '\u009b2J', '\\u009b2J'],
    ['a return to the start of the line', 'failed\rfine', 'failed\\u000dfine'],
    ['text in the other direction', '\u202etxt', '\\u202etxt'],
  ])('%s', (_, text, shown) => {
    expect(terminalText(text)).toBe(shown);
  });

  it('has colours only on a terminal whose user wants them', () => {
    expect(paintFor({ isTTY: true }, {})).toBe(painted);
    expect(paintFor({ isTTY: true }, { NO_COLOR: '1' })).toBe(plain);
    expect(paintFor({ isTTY: true }, { TERM: 'dumb' })).toBe(plain);
    expect(paintFor({}, {})).toBe(plain);
    expect(painted('red', 'no')).toBe('\u001b[31mno\u001b[39m');
  });
});
