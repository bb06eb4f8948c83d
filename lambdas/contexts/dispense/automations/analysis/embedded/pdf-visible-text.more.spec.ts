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

const visible = shown('Amoxicillin 500 mg', 60, 700);

describe('text that people do not see', () => {
  it.each([
    ['in the colour of the paper', shown('Morphine', 60, 600, { before: '1 1 1 rg' })],
    ['nearly in the colour of the paper', shown('Morphine', 60, 600, { before: '0.93 g' })],
    ['without ink', shown('Morphine', 60, 600, { before: '3 Tr' })],
    ['as a clip only', shown('Morphine', 60, 600, { before: '7 Tr' })],
    ['too small', shown('Morphine', 60, 600, { size: 3 })],
    ['made too small', `q 0.1 0 0 0.1 0 0 cm ${shown('Morphine', 600, 6_000)} Q`],
    ['beside the page', shown('Morphine', 700, 600)],
    ['below the page', shown('Morphine', 60, -20)],
    ['outside its clip', `q 0 0 50 50 re W n ${shown('Morphine', 60, 600)} Q`],
    ['covered in black', `${shown('Morphine', 60, 600)} 50 590 200 30 re f`],
    ['covered in white', `${shown('Morphine', 60, 600)} 1 g 50 590 200 30 re f`],
    ['black on black', `50 590 200 30 re f ${shown('Morphine', 60, 600)}`],
    ['struck out', `${shown('Morphine', 60, 600)} 58 604 m 150 604 l S`],
    ['struck out by a bar', `${shown('Morphine', 60, 600)} 58 603.5 100 1 re f`],
  ])('%s is hidden, and is none of the lines', async (_how, hidden) => {
    const text = await read(`${visible} ${hidden}`);
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg']);
    expect(text.doubts).toEqual(['hidden-text']);
  });

  it('because it is transparent is hidden', async () => {
    const text = await read(`${visible} q /G gs ${shown('Morphine', 60, 600)} Q`, {
      resources: '/ExtGState << /G << /ca 0 /CA 0 >> >>',
    });
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg']);
    expect(text.doubts).toEqual(['hidden-text']);
  });

  it('because its layer is off is hidden', async () => {
    const text = await read(`${visible} /OC /L BDC ${shown('Morphine', 60, 600)} EMC`, {
      catalogue: '/OCProperties << /OCGs [6 0 R] /D << /OFF [6 0 R] >> >>',
      resources: '/Properties << /L 6 0 R >>',
      objects: ['<< /Type /OCG /Name (Notes) >>'],
    });
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg']);
    expect(text.doubts).toEqual(['hidden-text']);
  });
});

describe('text that people see', () => {
  it.each([
    ['white on a dark bar', `0.2 g 50 590 200 30 re f ${shown('Drugs', 60, 600, { before: '1 g' })}`],
    ['in grey', shown('Drugs', 60, 600, { before: '0.5 g' })],
    ['as an outline', shown('Drugs', 60, 600, { before: '1 Tr' })],
    ['underlined', `${shown('Drugs', 60, 600)} 58 598 m 150 598 l S`],
    ['in a frame', `${shown('Drugs', 60, 600)} 50 590 200 30 re S`],
    ['under a coloured mark', `${shown('Drugs', 60, 600)} q /M gs 1 1 0 rg 50 590 200 30 re f Q`],
    ['bold by being shown twice', `${shown('Drugs', 60, 600)} ${shown('Drugs', 60.4, 600)}`],
    ['with wide spaces between its letters', shown('Drugs', 60, 600, { before: '5 Tc' })],
  ])('%s is a line', async (_how, more) => {
    const text = await read(`${visible} ${more}`, {
      resources: '/ExtGState << /M << /BM /Multiply >> >>',
    });
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg', 'Drugs']);
    expect(text.doubts).toEqual([]);
  });

  it.each([90, 180, 270])(
    'on a page that is turned by %d degrees is read in its direction',
    async (degrees) => {
      const text = await read(`${visible} ${shown('Take one daily', 60, 680)}`, {
        page: `/Rotate ${degrees}`,
      });
      expect(linesIn(text)).toEqual(['Amoxicillin 500 mg', 'Take one daily']);
    },
  );

  it('that runs upwards or aslant is read too, after the rest', async () => {
    const text = await read(
      `${visible} q 0 1 -1 0 30 300 cm ${shown('Form A', 0, 0)} Q q .7 .7 -.7 .7 200 200 cm 0.6 g ${shown('COPY', 0, 0, { size: 50 })} Q`,
    );
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg', 'Form A', 'COPY']);
  });

  it('with a raised digit has a part that is not read', async () => {
    const raised = '/F1 12 Tf 60 600 Td (Heparin 10) Tj 5 Ts /F1 7 Tf (6) Tj 0 Ts /F1 12 Tf ( IU) Tj';
    const text = await read(`BT ${raised} ET`);
    expect(linesIn(text)).toEqual(['Heparin 10 6 IU']);
    expect(text.doubts).toEqual(['unreadable-part']);
  });
});

const field = (entries: string) =>
  `<< /Type /Annot /Subtype /Widget /FT /Tx /T (drug) /Rect [60 600 300 620] /F 4 ${entries} >>`;

describe('annotations', () => {
  const form = { page: '/Annots [6 0 R]', catalogue: '/AcroForm << /Fields [6 0 R] >>' };

  it('that are fields of a form are text, whether the page paints them or not', async () => {
    const appearance =
      '<< /Type /XObject /Subtype /Form /BBox [0 0 240 20] /Resources << /Font << /F1 3 0 R >> >> /Length 47 >>\nstream\nBT /F1 12 Tf 2 5 Td (Ramipril 2.5 mg) Tj ET    \nendstream';
    const painted = { ...form, objects: [field('/V (Ramipril 5 mg) /AP << /N 7 0 R >>'), appearance] };
    expect(linesIn(await read(visible, painted))).toEqual(['Amoxicillin 500 mg', 'Ramipril 2.5 mg']);
    const plain = { ...form, objects: [field('/V (Ramipril 5 mg)')] };
    const text = await read(visible, plain);
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg', 'Ramipril 5 mg']);
    expect(text.doubts).toEqual([]);
  });

  it('that are hidden are not read', async () => {
    const hidden = { ...form, objects: [field('/V (Ramipril 5 mg)').replace('/F 4', '/F 2')] };
    expect(linesIn(await read(visible, hidden))).toEqual(['Amoxicillin 500 mg']);
  });

  it.each([
    ['a note', '/Subtype /Text /Contents (stop)'],
    ['a line through text', '/Subtype /StrikeOut /QuadPoints [60 620 200 620 60 600 200 600]'],
    ['a drawing', '/Subtype /Ink /InkList [[60 600 70 610]]'],
  ])('as %s are a part that is not read', async (_what, entries) => {
    const objects = [`<< /Type /Annot /Rect [60 600 300 620] /F 4 ${entries} >>`];
    expect((await read(visible, { ...form, objects })).doubts).toEqual(['unreadable-part']);
  });
});

describe('a page with an error in its content', () => {
  it.each([
    ['an object that is not there', '/Nothing Do'],
    ['an operator without its numbers', '5 cm'],
  ])('has a part that is not read: %s', async (_what, broken) => {
    const text = await read(`${visible} ${broken}`);
    expect(linesIn(text)).toContain('Amoxicillin 500 mg');
    expect(text.doubts).toContain('unreadable-part');
  });
});

describe('a text in a font that is not there', () => {
  it('is read in the font that viewers take instead', async () => {
    const text = await read(`${visible} BT /F9 12 Tf 60 500 Td (Morphine) Tj ET`);
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg', 'Morphine']);
  });
});

describe('pictures on a page', () => {
  const gray = (width: number, height: number, level: (x: number, y: number) => number) => {
    const pixels = Array.from({ length: width * height }, (_, at) =>
      level(at % width, Math.floor(at / width)),
    );
    const hex = pixels.map((pixel) => pixel.toString(16).padStart(2, '0')).join('');
    return `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /ASCIIHexDecode /Length ${hex.length + 1} >>\nstream\n${hex}>\nendstream`;
  };
  const withImage = (image: string) => ({ resources: '/XObject << /I 6 0 R >>', objects: [image] });

  it('that are logos leave the text certain', async () => {
    const disc = gray(60, 60, (x, y) => ((x - 30) ** 2 + (y - 30) ** 2 < 500 ? 60 : 255));
    const text = await read(`${visible} q 60 0 0 60 500 700 cm /I Do Q`, withImage(disc));
    expect(text).toMatchObject({ source: 'pdf', doubts: [] });
  });

  it('that cover the page make the text on it doubtful', async () => {
    const ground = gray(8, 8, (x) => 250 - 2 * x);
    const text = await read(`q 612 0 0 792 0 0 cm /I Do Q ${visible}`, withImage(ground));
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg']);
    expect(text.doubts).toContain('hidden-text');
  });

  it('that cover text hide it', async () => {
    const ground = gray(8, 8, () => 250);
    const text = await read(
      `${visible} ${shown('Morphine', 60, 600)} q 200 0 0 30 50 590 cm /I Do Q`,
      withImage(ground),
    );
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg']);
    expect(text.doubts).toEqual(['hidden-text']);
  });

  it('that pdf.js cannot decode are a part that is not read', async () => {
    const broken =
      '<< /Type /XObject /Subtype /Image /Width 200 /Height 200 /ColorSpace /DeviceGray /BitsPerComponent 8 /Filter /JPXDecode /Length 4 >>\nstream\nnone\nendstream';
    const text = await read(`${visible} q 200 0 0 200 300 300 cm /I Do Q`, withImage(broken));
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg']);
    expect(text.doubts).toEqual(['unreadable-part']);
  });

  it('with text are read beside the text, with less confidence', async () => {
    const { image, width, height } = pictureOf('Take one tablet daily');
    const text = await read(
      `${visible} q ${Math.round((50 * width) / height)} 0 0 50 60 500 cm /I Do Q`,
      withImage(image),
    );
    expect(text).toMatchObject({ source: 'picture', doubts: [] });
    expect(linesIn(text)).toEqual(['Amoxicillin 500 mg', 'Take one tablet daily']);
    const least = text.pages[0]?.map(({ words }) => Math.min(...words.map(({ confidence }) => confidence)));
    expect(least?.[0]).toBe(1);
    expect(least?.[1]).toBeLessThan(1);
  });
});
