/** The patients of the tests. Their names may be in requests and answers, and nowhere else. */
export const patientNames = ['Wilhelmine Quackenbush', 'Zebediah Quill', 'Farthingale', 'Jane Sample'];

/** Parts of the directions in the tests' prescriptions and drugs. They may be in the same places as the names. */
export const directions = ['three times daily', 'whispered at night', 'quince tree', 'gooseberry cordial'];

/** A line of telemetry can have a thousand spans. */
const quotedCharsMax = 1_000;

/**
 * The first line of a text with directions, or a part of a patient's name, except everyday words: 1,000 characters around it, if the line is longer. Undefined
 * when there is none.
 */
export function lineWithPersonalData(text: string): string | undefined {
  const parts = patientNames
    .flatMap((name) => [name, ...name.split(' ')])
    .filter((part) => part !== 'Sample');
  for (const line of text.split('\n')) {
    const found = [...parts, ...directions].find((part) => line.includes(part));
    if (found !== undefined) return around(line, line.indexOf(found));
  }
  return undefined;
}

function around(line: string, index: number): string {
  if (line.length <= quotedCharsMax) return line;
  const start = Math.max(0, index - quotedCharsMax / 2);
  return line.slice(start, start + quotedCharsMax);
}
