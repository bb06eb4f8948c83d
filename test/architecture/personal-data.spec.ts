import { expect, it } from '@jest/globals';
import { lineWithPatient, patientNames } from '../support/personal-data.ts';

it.each(patientNames)('a log line that names %s is found, by either part of the name too', (name) => {
  const line = `{"level":"INFO","message":"Patient ${name} was added"}`;
  expect(lineWithPatient(`{"level":"INFO"}\n${line}\n`)).toBe(line);
  const [first = ''] = name.split(' ');
  expect(lineWithPatient(`hello ${first}`)).toBe(`hello ${first}`);
});

it('a log without patients is clean', () => {
  expect(
    lineWithPatient('{"message":"Projected a batch","route":"/dispenses/{id}/patient"}\nSample rate 1'),
  ).toBeUndefined();
});
