import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { notingLogger } from '../../http/testing.ts';
import { fieldsOf } from '../../kernel/index.ts';
import { addDrugsRequest, cancelRequest, patientRequest } from './api/requests.ts';
import { type DispenseUnderTest, dispenseUnderTest } from './dispense-under-test.fixture.ts';
import { patient } from './domain/dispense.fixture.ts';

/** Values that only the log and the read model may contain. */
const secrets = Object.values(patient);

let lines: string[];
let api: DispenseUnderTest;
let id: string;

beforeEach(async () => {
  lines = [];
  api = dispenseUnderTest({ logger: notingLogger((line) => lines.push(line)) });
  id = await api.start();
});

/** Sends the body and expects this status. Returns everything that was answered and logged. */
async function everythingSaidOf(body: string, status: number): Promise<string> {
  const headers = { 'content-type': 'application/json' };
  lines = [];
  const answer = await api.call('POST', `/dispenses/${id}/patient`, { headers, body });
  expect(answer.status).toBe(status);
  expect(lines).toContainEqual(expect.stringContaining('/dispenses/{id}/patient'));
  return JSON.stringify(answer) + lines.join('\n');
}

const json = JSON.stringify(patient);
const [longName, longIdentifier] = [patient.name.repeat(20), patient.identifier.repeat(20)];

describe('a patient', () => {
  it.each<[string, number, string]>([
    ['is added', 200, json],
    ['is longer than a name may be', 400, JSON.stringify({ ...patient, name: longName })],
    ['has an identifier too long', 400, JSON.stringify({ ...patient, identifier: longIdentifier })],
    [
      'has the identifier for a birth date',
      400,
      JSON.stringify({ ...patient, birthDate: patient.identifier }),
    ],
    ['is not born yet', 400, JSON.stringify({ ...patient, birthDate: '2926-01-03' })],
    ['is too old', 400, JSON.stringify({ ...patient, birthDate: '1184-04-30' })],
    ['is a list', 400, JSON.stringify(secrets)],
    ['is a bare text', 400, JSON.stringify(patient.name)],
    ['has the name for a field', 400, JSON.stringify({ [patient.name]: 1, [patient.identifier]: 2 })],
    ['has a field twice', 400, json.replace('{', `{"name":${JSON.stringify(patient.name)},`)],
    ['has the name for a key twice', 400, `{"${patient.name}":1,"${patient.name}":2}`],
    ['is not JSON', 400, json.slice(0, -1)],
    ['is not JSON at its beginning', 400, `${patient.name} ${patient.identifier} ${patient.birthDate}`],
  ])('who %s is not named in any answer or log line', async (_what, status, body) => {
    const said = await everythingSaidOf(body, status);
    for (const secret of [...secrets, '2926', '1184']) expect(said).not.toContain(secret);
  });

  it('whose identifier is a too long number is not quoted', async () => {
    const said = await everythingSaidOf('{"identifier":735118446744073709551617}', 400);
    expect(said).toContain('inexact-number');
    expect(said).not.toContain('7351184467');
  });

  it('is not named if the log is not reachable', async () => {
    jest.spyOn(api.log, 'append').mockRejectedValue(new Error('The log is down.'));
    const said = await everythingSaidOf(json, 500);
    expect(said).toContain('The log is down.');
    for (const secret of secrets) expect(said).not.toContain(secret);
  });

  it('is not in the stored answer for retries', async () => {
    await everythingSaidOf(json, 200);
    const commits = (await Array.fromAsync(api.log.read(`dispense/${id}`))).flat();
    expect(commits.map(({ answer }) => answer)).toEqual(['{"state":"pending"}', '{"state":"pending"}']);
  });

  it('is marked as personal in every field of a request, as are drugs and reasons', () => {
    const fields = [patientRequest, addDrugsRequest, cancelRequest].flatMap(fieldsOf);
    const personalOnes = fields.filter(({ isPersonal }) => isPersonal).map(({ path }) => path);
    expect(personalOnes).toEqual(['name', 'birthDate', 'identifier', 'drugs[]', 'reason']);
    // The id of an analysis.
    expect(fields.filter(({ isPersonal }) => !isPersonal).map(({ path }) => path)).toEqual(['analysis']);
  });
});
