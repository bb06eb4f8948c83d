/** The patients of the tests. Their names may be in requests and answers, and nowhere else. */
export const patientNames = ['Wilhelmine Quackenbush', 'Zebediah Quill', 'Farthingale', 'Jane Sample'];

/** Parts of the directions in the tests' prescriptions and drugs. They may be in the same places as the names. */
export const directions = ['three times daily', 'whispered at night', 'quince tree', 'gooseberry cordial'];

/** The first line of a text with directions, or a part of a patient's name, except everyday words. Undefined when there is none. */
export function lineWithPersonalData(text: string): string | undefined {
  const parts = patientNames
    .flatMap((name) => [name, ...name.split(' ')])
    .filter((part) => part !== 'Sample');
  return text.split('\n').find((line) => [...parts, ...directions].some((part) => line.includes(part)));
}
