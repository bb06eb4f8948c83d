/** A font. A glyph has 5 columns of 2 hexadecimal digits each; bit 0 is the top row, bit 7 is below the base line. */
const columns: Readonly<Record<string, string>> = {
  ' ': '0000000000',
  '#': '147F147F14',
  '(': '001C224100',
  ')': '0041221C00',
  ',': '0080703000',
  '-': '0808080808',
  '.': '0000606000',
  '/': '2010080402',
  '0': '3E4141413E',
  '1': '00427F4000',
  '2': '7249494946',
  '3': '2141494D33',
  '4': '1814127F10',
  '5': '2F49494931',
  '6': '3C4A494931',
  '7': '0161190503',
  '8': '3649494936',
  '9': '464949291E',
  ':': '0000140000',
  A: '7C1211127C',
  B: '7F49494936',
  C: '3E41414122',
  D: '7F4141413E',
  E: '7F49494941',
  F: '7F09090901',
  G: '3E41415173',
  H: '7F0808087F',
  I: '00417F4100',
  J: '2040413F01',
  K: '7F08142241',
  L: '7F40404040',
  M: '7F021C027F',
  N: '7F0408107F',
  O: '3E4141413E',
  P: '7F09090906',
  Q: '3E4151215E',
  R: '7F09192946',
  S: '2649494932',
  T: '03017F0103',
  U: '3F4040403F',
  V: '1F2040201F',
  W: '3F4038403F',
  X: '6314081463',
  Y: '0304780403',
  Z: '6159494D43',
  a: '2054547840',
  b: '7F28444438',
  c: '3844444428',
  d: '384444287F',
  e: '3854545418',
  f: '00087E0902',
  g: '18A4A4A47C',
  h: '7F08040478',
  i: '00447D4000',
  j: '2040403D00',
  k: '7F10284400',
  l: '00417F4000',
  m: '7C04780478',
  n: '7C08040478',
  o: '3844444438',
  p: 'FC18242418',
  q: '18242418FC',
  r: '7C08040408',
  s: '4854545424',
  t: '04043F4424',
  u: '3C4040207C',
  v: '1C2040201C',
  w: '3C4030403C',
  x: '4428102844',
  y: '4C9090907C',
  z: '4464544C44',
};

/** Rows of a line of text, including the one below the base line. */
export const fontRows = 8;
const spaceColumns = 3;

/** The columns of a line of text, one byte each, with an empty column between glyphs. Throws for an unknown character. */
export function columnsOf(text: string): number[] {
  return [...text].flatMap((character) => {
    const hex = columns[character];
    if (hex === undefined) throw new Error(`The pixel font has no "${character}".`);
    if (character === ' ') return Array.from({ length: spaceColumns }, () => 0);
    const bytes = [...Buffer.from(hex, 'hex')];
    const isEmpty = (byte: number) => byte === 0;
    return [...bytes.slice(bytes.findIndex((byte) => !isEmpty(byte))).filter(trailing(bytes)), 0];
  });
}

/** A filter that removes empty columns if the last one is empty. */
function trailing(bytes: readonly number[]): (byte: number) => boolean {
  return (byte) => byte !== 0 || bytes.at(-1) !== 0;
}
