import { photoOf } from '../prescription-photo.fixture.ts';

/** An image of a PDF with one line of text. */
export function pictureOf(line: string): {
  readonly image: string;
  readonly width: number;
  readonly height: number;
} {
  const photo = photoOf([line], { rotationDegrees: 0, noise: 4, seed: 2 });
  const [width, height] = [photo.readUInt32BE(16), photo.readUInt32BE(20)];
  const [begin, end] = [photo.indexOf('IDAT') + 4, photo.indexOf('IEND') - 8];
  // The pixels of a PNG are those of a PDF with the same predictor.
  const hex = photo.subarray(begin, end).toString('hex');
  const image = `<< /Type /XObject /Subtype /Image /Width ${width} /Height ${height} /ColorSpace /DeviceRGB /BitsPerComponent 8 /Filter [/ASCIIHexDecode /FlateDecode] /DecodeParms [null << /Predictor 15 /Colors 3 /Columns ${width} >>] /Length ${hex.length + 1} >>\nstream\n${hex}>\nendstream`;
  return { image, width, height };
}
