import { describe, expect, it } from '@jest/globals';
import { withEvenLight } from './even-light.ts';

const [width, height] = [256, 192];
const pictureOf = (levelAt: (x: number, y: number) => number) => ({
  width,
  height,
  pixels: Uint8Array.from({ length: width * height }, (_, at) => levelAt(at % width, Math.floor(at / width))),
});
/** Text: a tenth of the pixels. */
const isInk = (x: number, y: number) => (x * 3 + y * 5) % 10 === 0;

describe('a picture with a shadow', () => {
  it('gets paper of one brightness, and ink stays dark', () => {
    const shadowed = pictureOf((x, y) => (isInk(x, y) ? 0.2 : 1) * (240 - (140 * x) / width));
    const { pixels } = withEvenLight(shadowed);
    const at = (x: number, y: number) => pixels[y * width + x] as number;
    expect(Math.abs(at(41, 100) - at(215, 100))).toBeLessThan(25);
    expect(at(215, 100)).toBeGreaterThan(200);
    expect(at(250, 100)).toBeLessThan(80);
  });
});

describe('a picture with even light', () => {
  it.each([
    ['black on white', 10, 250],
    ['white on black', 250, 10],
  ])('stays as it is: %s', (_what, ink, paper) => {
    const picture = pictureOf((x, y) => (isInk(x, y) ? ink : paper));
    expect(withEvenLight(picture)).toBe(picture);
  });
});
