/** The patients of the tests. Their names may be in requests and answers, and nowhere else. */
export const patientNames = ['Wilhelmine Quackenbush', 'Zebediah Quill', 'Jane Sample'];

/** The first line of a text with a part of a patient's name, except everyday words. Undefined when there is none. */
export function lineWithPatient(text: string): string | undefined {
  const parts = patientNames
    .flatMap((name) => [name, ...name.split(' ')])
    .filter((part) => part !== 'Sample');
  return text.split('\n').find((line) => parts.some((part) => line.includes(part)));
}
