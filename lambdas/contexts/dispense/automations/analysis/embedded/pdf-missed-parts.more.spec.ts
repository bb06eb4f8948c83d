import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type PdfPageOptions, shown } from './pdf.fixture.ts';
import { pictureOf } from './pdf-picture.fixture.ts';
import { type BuiltReaders, buildReaders, linesIn, readPdfPage } from './readers-under-test.fixture.ts';

let readers: BuiltReaders;

beforeAll(async () => {
  readers = await buildReaders();
});

afterAll(() => readers.remove());

const read = (content: string, options?: PdfPageOptions) => readPdfPage(readers, content, options);

/** An image of one shade of gray per pixel. `rows`: how many are there. */
const imageOf = (
  width: number,
  height: number,
  level: (x: number, y: number) => number,
  rows: number = height,
): string => {
  const pixels = Array.from({ length: width * rows }, (_, at) => level(at % width, Math.floor(at / width)));
  const hex = pixels.map((pixel) => pixel.toString(16).padStart(2, '0')).join('');
  return `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /ASCIIHexDecode /Length ${hex.length + 1} >>\nstream\n${hex}>\nendstream`;
};
const streamOf = (content: string): string =>
  `<< /Length ${content.length} >>\nstream\n${content}\nendstream`;

const visible = shown('Amoxicillin 500 mg', 60, 700);

describe('a form with a matrix', () => {
  const body = shown('Take one daily', 300, 740);
  const form = (entries: string) =>
    `<< /Type /XObject /Subtype /Form /Matrix [1 0 0 1 0 -40] ${entries} /Resources << /Font << /F1 3 0 R >> >> /Length ${body.length} >>\nstream\n${body}\nendstream`;

  it.each([
    ['', ['Amoxicillin 500 mg | Take one daily']],
    ['/Group << /S /Transparency >>', ['Amoxicillin 500 mg | Take one daily']],
  ])('has its text where the matrix places it once: %s', async (group, lines) => {
    const text = await read(`${visible} /X Do`, {
      resources: '/XObject << /X 6 0 R >>',
      objects: [form(`/BBox [0 0 612 792] ${group}`)],
    });
    expect(linesIn(text)).toEqual(lines);
    expect(text.doubts).toEqual([]);
  });

  it('cuts off what is outside of its box, as a group too', async () => {
    const text = await read(`${visible} /X Do`, {
      resources: '/XObject << /X 6 0 R >>',
      objects: [form('/BBox [0 0 612 730] /Group << /S /Transparency >>')],
    });
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg']);
    expect(text.doubts).toEqual(['hidden-text']);
  });
});

describe('a page without text', () => {
  it('whose large picture has no words is not read', async () => {
    const page =
      '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 7 0 R /Resources << /XObject << /I 8 0 R >> >> >>';
    const disc = imageOf(90, 90, (x, y) => ((x - 45) ** 2 + (y - 45) ** 2 < 900 ? 60 : 255));
    const text = await read(visible, {
      morePages: ['6 0 R'],
      objects: [page, streamOf('q 600 0 0 600 0 100 cm /I Do Q'), disc],
    });
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg']);
    expect(text.doubts).toEqual(['unreadable-part']);
  });
});

describe('a thin bar', () => {
  const bar = (share: number) => `58 ${600 + 12 * share - 0.3} 100 0.6 re f`;
  const drug = shown('Morphine', 60, 600);

  it.each([
    ['low', `${drug} ${bar(0.2)}`],
    ['in the middle', `${drug} ${bar(0.3)}`],
    ['high', `${drug} ${bar(0.5)}`],
    ['painted first', `${bar(0.3)} ${drug}`],
    ['of text that runs upwards', `q 0 1 -1 0 800 100 cm ${drug} ${bar(0.3)} Q`],
    ['drawn', `${drug} 58 602.5 m 150 602.5 l S`],
  ])('through text strikes it out: %s', async (_where, content) => {
    const text = await read(`${visible} ${content}`);
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg']);
    expect(text.doubts).toEqual(['hidden-text']);
  });

  it.each([
    ['under', bar(-0.1)],
    ['over', bar(0.9)],
    ['white, below', `1 g ${bar(0.3)}`],
  ])('%s text leaves it', async (_where, content) => {
    const text = await read(`${visible} q ${content} Q ${drug}`);
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg', 'Morphine']);
    expect(text.doubts).toEqual([]);
  });
});

describe('a picture with text', () => {
  const { image, width, height } = pictureOf('Take one tablet daily');
  const options = { resources: '/XObject << /I 6 0 R >>', objects: [image] };
  const wide = Math.round((50 * width) / height);
  const picture = `q ${wide} 0 0 50 60 500 cm /I Do Q`;

  it.each([
    ['covered by white', `${picture} 1 g ${60 + wide / 2} 500 ${wide / 2} 50 re f`, ''],
    ['struck out', `${picture} 60 524 ${wide} 1 re f`, ''],
    ['cut by a clip', `q 60 500 ${wide / 2} 50 re W n ${picture} Q`, ''],
    ['cut by the page', picture, '/CropBox [0 510 612 792]'],
  ])('that is partly %s has hidden text', async (_how, content, page) => {
    const text = await read(`${visible} ${content}`, { ...options, page });
    expect(text.doubts).toEqual(['hidden-text']);
  });

  it('on a ground and beside a fill is all seen', async () => {
    const text = await read(
      `q 0.9 g 50 490 500 70 re f ${picture} 60 460 ${wide} 20 re f Q ${visible}`,
      options,
    );
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg', 'Take one tablet daily']);
    expect(text.doubts).toEqual([]);
  });
});

describe('letters that are drawn', () => {
  const letters = (count: number, paint: string, gap = 8) =>
    Array.from({ length: count }, (_, index) => {
      const x = 60 + index * gap;
      return `${x} 640 m ${x + 2} 650 ${x + 6} 650 ${x + 6} 640 c ${paint}`;
    }).join(' ');

  it.each([
    ['in outlines', letters(4, 'f')],
    ['by a pen', letters(4, 'S')],
    ['as one path', `${letters(4, '')} f`],
  ])('as a word beside text are a part that is not read: %s', async (_how, content) => {
    expect((await read(`${visible} ${content}`)).doubts).toEqual(['unreadable-part']);
  });

  it.each([
    ['few', letters(3, 'f')],
    ['apart', letters(6, 'f', 60)],
    ['frames', '60 600 10 10 re 72 600 10 10 re 84 600 10 10 re 96 600 10 10 re 108 600 10 10 re S'],
  ])('are no word if they are %s', async (_what, content) => {
    expect((await read(`${visible} ${content}`)).doubts).toEqual([]);
  });

  it.each([
    ['a drawing', letters(2, 'S'), ['unreadable-part']],
    ['a frame', '60 600 300 100 re S 60 500 m 300 500 l S', []],
  ])('on a page without text: %s', async (_what, content, doubts) => {
    const page = '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 7 0 R /Resources << >> >>';
    const text = await read(visible, { morePages: ['6 0 R'], objects: [page, streamOf(content)] });
    expect(text.doubts).toEqual(doubts);
  });
});

describe('a choice that the page does not paint', () => {
  const choice = (value: string) => ({
    page: '/Annots [6 0 R]',
    catalogue: '/AcroForm << /Fields [6 0 R] >>',
    objects: [
      `<< /Type /Annot /Subtype /Widget /FT /Ch /Ff 131072 /T (drug) /Opt [[(Ramipril) (Take three daily)] [(x) (Ramipril)] [(x) (Two)] (Plain)] /V (${value}) /Rect [60 600 300 620] /F 4 >>`,
    ],
  });

  it.each([
    ['Ramipril', ['Take three daily'], []],
    ['Plain', ['Plain'], []],
    ['', [], []],
    ['x', [], ['unreadable-part']],
    ['Another', [], ['unreadable-part']],
  ])('has the name of its value for people: %s', async (value, lines, doubts) => {
    const text = await read(visible, choice(value));
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg', ...lines]);
    expect(text.doubts).toEqual(doubts);
  });
});

describe('a small picture in a line of text', () => {
  const options = {
    resources: '/XObject << /I 6 0 R >>',
    objects: [imageOf(8, 8, (x) => (x > 2 && x < 5 ? 0 : 255))],
  };
  const at = (x: number, y: number) => `q 6 0 0 10 ${x} ${y} cm /I Do Q`;

  it.each([
    ['after a word is not read', `${shown('Amlodipine', 60, 600)} ${at(120, 599)}`, ['unreadable-part']],
    ['at its begin is a bullet', `${at(50, 599)} ${shown('Amlodipine', 60, 600)}`, []],
    ['that is apart is no letter', `${shown('Amlodipine', 60, 600)} ${at(300, 599)}`, []],
  ])('%s', async (_where, content, doubts) => {
    expect((await read(`${visible} ${content}`, options)).doubts).toEqual(doubts);
  });
});

describe('a picture whose stream ends early', () => {
  it.each([
    [60, []],
    [57, ['unreadable-part']],
  ])('is not read: %d of 60 rows', async (rows, doubts) => {
    const disc = imageOf(60, 60, (x, y) => ((x - 30) ** 2 + (y - 30) ** 2 < 500 ? 60 : 255), rows);
    const options = { resources: '/XObject << /I 6 0 R >>', objects: [disc] };
    expect((await read(`${visible} q 60 0 0 60 500 700 cm /I Do Q`, options)).doubts).toEqual(doubts);
  });
});
