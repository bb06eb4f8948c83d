import { beforeEach, describe, expect, it } from '@jest/globals';
import { problemLike } from '../context-under-test.fixture.ts';
import { type DispenseUnderTest, dispenseUnderTest } from './dispense-under-test.fixture.ts';
import { ibuprofen, patient } from './domain/dispense.fixture.ts';

let api: DispenseUnderTest;
let id: string;
beforeEach(async () => {
  api = dispenseUnderTest();
  id = await api.start();
});

const expectRefused = async (path: string, json: unknown, status: number, code: string) => {
  const before = await api.eventsOf(id);
  const answer = await api.post(`/dispenses/${id}/${path}`, json);
  expect(answer).toMatchObject(problemLike(status, code));
  expect(await api.eventsOf(id)).toEqual(before);
};

describe('bad input writes nothing and says what is wrong', () => {
  it.each([
    ['no name', { ...patient, name: undefined }],
    ['a name of blanks', { ...patient, name: ' \t' }],
    ['a name of 201 characters', { ...patient, name: 'x'.repeat(201) }],
    ['a name with a line break', { ...patient, name: 'a\nb' }],
    ['a name with half a character', { ...patient, name: 'a\ud800' }],
    ['a name with an override of direction', { ...patient, name: '\u202ea' }],
    ['a name that is a number', { ...patient, name: 7 }],
    ['an identifier with a noncharacter', { ...patient, identifier: 'a\ufffe' }],
    ['no birth date', { ...patient, birthDate: undefined }],
    ['a birth date that no calendar has', { ...patient, birthDate: '2023-02-29' }],
    ['a birth date with a time', { ...patient, birthDate: '1984-02-29T00:00:00Z' }],
    ['a birth date in another form', { ...patient, birthDate: '29.02.1984' }],
    ['a birth date before 1900', { ...patient, birthDate: '1899-12-31' }],
    ['a birth date in the year 0', { ...patient, birthDate: '0000-01-01' }],
    ['a birth date on a leap day that 1900 does not have', { ...patient, birthDate: '1900-02-29' }],
    ['a birth date in the year 10000', { ...patient, birthDate: '+010000-01-01' }],
    ['an empty identifier', { ...patient, identifier: '' }],
    ['an identifier of 65 characters', { ...patient, identifier: 'x'.repeat(65) }],
    ['an identifier that is null', { ...patient, identifier: null }],
    ['an unknown field', { ...patient, sex: 'f' }],
  ])('a patient with %s', async (_what, json) => {
    await expectRefused('patient', json, 400, 'invalid-body');
  });

  it('a patient with a birth date in the future', async () => {
    // It is 02:00 on 3 January at UTC+14.
    const json = { ...patient, birthDate: '2026-01-04' };
    await expectRefused('patient', json, 400, 'dispense/birth-date-in-the-future');
  });

  it.each(['1900-01-01', '2000-02-29'])('but accepts the birth date %s', async (birthDate) => {
    const answer = await api.post(`/dispenses/${id}/patient`, { ...patient, birthDate });
    expect(answer).toMatchObject({ status: 200 });
  });

  it('a second patient', async () => {
    await api.post(`/dispenses/${id}/patient`, patient);
    await expectRefused('patient', patient, 409, 'dispense/patient-already-added');
  });

  it.each([
    ['no list', {}],
    ['an empty list', { drugs: [] }],
    ['51 lines', { drugs: Array.from({ length: 51 }, () => ibuprofen) }],
    ['a bare list', [ibuprofen]],
    ['a line without a name', { drugs: [{ ...ibuprofen, name: undefined }] }],
    ['a line without a quantity', { drugs: [{ ...ibuprofen, quantity: undefined }] }],
    ['a line whose name is null', { drugs: [{ ...ibuprofen, name: null }] }],
    ['a quantity that is null', { drugs: [{ ...ibuprofen, quantity: null }] }],
    ['an empty strength', { drugs: [{ ...ibuprofen, strength: '' }] }],
    ['an analysis that is null', { drugs: [ibuprofen], analysis: null }],
    ['an empty id of an analysis', { drugs: [ibuprofen], analysis: '' }],
    ['an id of an analysis of 65 characters', { drugs: [ibuprofen], analysis: 'x'.repeat(65) }],
    ['a quantity of 0', { drugs: [ibuprofen, { ...ibuprofen, quantity: 0 }] }],
    ['half a tablet', { drugs: [{ ...ibuprofen, quantity: 0.5 }] }],
    ['a quantity as text', { drugs: [{ ...ibuprofen, quantity: '20' }] }],
    ['a quantity past all measure', { drugs: [{ ...ibuprofen, quantity: 100_001 }] }],
    ['a name of 201 characters', { drugs: [{ ...ibuprofen, name: 'x'.repeat(201) }] }],
    ['a strength of 101 characters', { drugs: [{ ...ibuprofen, strength: 'x'.repeat(101) }] }],
    ['a form of blanks', { drugs: [{ ...ibuprofen, form: ' ' }] }],
    ['directions of 501 characters', { drugs: [{ ...ibuprofen, directions: 'x'.repeat(501) }] }],
    ['directions with two lines', { drugs: [{ ...ibuprofen, directions: 'a\nb' }] }],
    ['a name with an isolate of direction', { drugs: [{ ...ibuprofen, name: 'a\u2067' }] }],
    ['an unknown field in a line', { drugs: [{ ...ibuprofen, price: 1 }] }],
  ])('drugs with %s', async (_what, json) => {
    await expectRefused('drugs', json, 400, 'invalid-body');
  });

  it('drugs with the id of an analysis that is not the newest one', async () => {
    await expectRefused('drugs', { drugs: [ibuprofen], analysis: 'e1' }, 409, 'dispense/another-analysis');
  });

  it.each([
    ['no id', {}],
    ['an empty id', { analysis: '' }],
    ['an id of 65 characters', { analysis: 'x'.repeat(65) }],
    ['an id that is a number', { analysis: 1 }],
    ['half a character', { analysis: 'a\ud800' }],
    ['an unknown field', { analysis: 'e1', drugs: [] }],
  ])('confirming an analysis with %s', async (_what, json) => {
    await expectRefused('analysis/confirm', json, 400, 'invalid-body');
  });

  it('confirming an analysis that is not there', async () => {
    await expectRefused('analysis/confirm', { analysis: 'e1' }, 409, 'dispense/another-analysis');
    await expectRefused('analysis/confirm', undefined, 400, 'empty-body');
  });

  it('a 51st line after 50', async () => {
    await api.post(`/dispenses/${id}/drugs`, { drugs: Array.from({ length: 50 }, () => ibuprofen) });
    await expectRefused('drugs', { drugs: [ibuprofen] }, 409, 'dispense/too-many-drugs');
  });

  it.each([
    ['no reason', {}],
    ['an empty reason', { reason: '' }],
    ['half a character', { reason: 'a\ud800' }],
    ['a reason of 501 characters', { reason: 'x'.repeat(501) }],
  ])('cancelling with %s', async (_what, json) => {
    await expectRefused('cancel', json, 400, 'invalid-body');
  });

  it('cancelling without a body', async () => {
    await expectRefused('cancel', undefined, 400, 'empty-body');
  });

  it('completing without a patient, and without drugs', async () => {
    await expectRefused('complete', undefined, 409, 'dispense/no-patient');
    await api.post(`/dispenses/${id}/patient`, patient);
    await expectRefused('complete', undefined, 409, 'dispense/no-drugs');
  });

  it('starting with any field', async () => {
    expect(await api.post('/dispenses', { patient })).toMatchObject({ status: 400 });
  });

  const commands = [
    ['patient', patient],
    ['drugs', { drugs: [ibuprofen] }],
    ['complete', {}],
    ['cancel', { reason: 'r' }],
  ] as const;

  it.each(commands)('%s after the end', async (path, json) => {
    await api.post(`/dispenses/${id}/cancel`, { reason: 'r' });
    await expectRefused(path, json, 409, 'dispense/cancelled');
    id = await api.start();
    await api.post(`/dispenses/${id}/patient`, patient);
    await api.post(`/dispenses/${id}/drugs`, { drugs: [ibuprofen] });
    await api.post(`/dispenses/${id}/complete`);
    await expectRefused(path, json, 409, 'dispense/complete');
  });

  it.each([...commands, ['analysis/confirm', { analysis: 'e1' }] as const])(
    '%s of an unknown dispense',
    async (path, json) => {
      id = 'nobody';
      await expectRefused(path, json, 404, 'dispense/not-found');
    },
  );

  it.each([
    ['_a', 404],
    ['%20', 400],
    ['a%2Fb', 404],
    ['x'.repeat(65), 404],
    ['ä', 404],
  ])('the id %s', async (bad, status) => {
    for (const [path, json] of commands)
      expect(await api.post(`/dispenses/${bad}/${path}`, json)).toMatchObject({ status });
    expect(await api.upload(bad, Buffer.from('500 mg'))).toMatchObject({ status });
    expect(await api.addPage(bad, Buffer.from('500 mg'))).toMatchObject({ status });
    expect(api.documents.statuses.size).toBe(0);
  });
});
