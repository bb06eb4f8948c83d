/** The patients of the tests: their names turn up in requests and answers, and nowhere else. */
export const patientNames = ['Wilhelmine Quackenbush', 'Zebediah Quill', 'Jane Sample'];

/** The first line of a text that names a patient, if one does; by any part of the name that is no everyday word. */
export function lineWithPatient(text: string): string | undefined {
  const parts = patientNames
    .flatMap((name) => [name, ...name.split(' ')])
    .filter((part) => part !== 'Sample');
  return text.split('\n').find((line) => parts.some((part) => line.includes(part)));
}
