import { expect, it } from '@jest/globals';
import { directions, lineWithPersonalData, patientNames } from '../support/personal-data.ts';

it.each(patientNames)('a log line that names %s is found, by either part of the name too', (name) => {
  const line = `{"level":"INFO","message":"Patient ${name} was added"}`;
  expect(lineWithPersonalData(`{"level":"INFO"}\n${line}\n`)).toBe(line);
  const [first = ''] = name.split(' ');
  expect(lineWithPersonalData(`hello ${first}`)).toBe(`hello ${first}`);
});

it.each(directions)('a log line that quotes the directions "%s" is found', (text) => {
  const line = `{"level":"WARN","message":"Take one ${text} was refused"}`;
  expect(lineWithPersonalData(`{"level":"INFO"}\n${line}\n`)).toBe(line);
});

it('a log without patients is clean', () => {
  expect(
    lineWithPersonalData('{"message":"Projected a batch","route":"/dispenses/{id}/patient"}\nSample rate 1'),
  ).toBeUndefined();
});

it('a long line of telemetry is quoted around what it names', () => {
  const [name = ''] = patientNames;
  const long = `${'x'.repeat(50_000)}"stringValue":"${name}"${'x'.repeat(50_000)}`;
  const quoted = lineWithPersonalData(long);
  expect(quoted).toHaveLength(1_000);
  expect(quoted).toContain(`"stringValue":"${name}"`);
});
