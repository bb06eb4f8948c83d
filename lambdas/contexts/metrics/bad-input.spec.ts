import { beforeEach, describe, expect, it } from '@jest/globals';
import { problemLike } from '../context-under-test.fixture.ts';
import { at } from './domain/metrics.fixture.ts';
import { type MetricsUnderTest, metricsUnderTest } from './metrics-under-test.fixture.ts';

let api: MetricsUnderTest;
beforeEach(() => {
  api = metricsUnderTest();
});

describe('bad input writes nothing and says what is wrong', () => {
  let id: string;
  beforeEach(async () => {
    api.clock.now = at(10);
    id = await api.create('/metrics', { name: 'Revenue' });
  });

  const expectRefused = async (path: string, body: string, status: number, code: string) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.call('POST', path, { headers, body });
    expect(answer).toMatchObject(problemLike(status, code));
    expect(await api.eventsOf(id)).toHaveLength(1);
  };

  it.each([
    ['no name', {}],
    ['a name of no characters', { name: '' }],
    ['a name of blanks', { name: ' \t ' }],
    ['a name of 300 characters', { name: 'x'.repeat(300) }],
    ['a name of 201 characters', { name: 'x'.repeat(201) }],
    ['a name that grows past 200 when composed', { name: '\u0958'.repeat(101) }],
    ['a name with a line break', { name: 'a\nb' }],
    ['a name with half a character', { name: 'a\ud800' }],
    ['a name that is a number', { name: 7 }],
    ['a name with the last character', { name: '\u{10ffff}odd' }],
    ['a name with an override of direction', { name: 'a\u202eb' }],
    ['a unit with a control character', { name: 'a', unit: 'a\u0007' }],
    ['a unit with a line break', { name: 'a', unit: 'a\nb' }],
    ['a description with half a character', { name: 'a', description: 'a\udc00' }],
    ['a description with an isolate of direction', { name: 'a', description: 'a\n\u2066b' }],
    ['an empty unit', { name: 'a', unit: '' }],
    ['a unit of 51 characters', { name: 'a', unit: 'x'.repeat(51) }],
    ['a description of 2,001 characters', { name: 'a', description: 'x'.repeat(2_001) }],
    ['an unknown field', { name: 'a', colour: 'red' }],
  ])('creating with %s', async (_what, json) => {
    const headers = { 'idempotency-key': 'refused' };
    expect(await api.post('/metrics', json, headers)).toMatchObject(problemLike(400, 'invalid-body'));
    // A valid request with the same key still creates a metric: the refused one wrote nothing.
    expect(await api.post('/metrics', { name: 'x'.repeat(200) }, headers)).toMatchObject({ status: 201 });
  });

  it.each([
    ['in the past', `{"value":1,"deadline":"${at(9)}"}`, 'metrics/deadline-passed'],
    ['at this instant', `{"value":1,"deadline":"${at(10)}"}`, 'metrics/deadline-passed'],
    [
      'in the past of its zone',
      '{"value":1,"deadline":"2026-01-01T05:00:00+05:00"}',
      'metrics/deadline-passed',
    ],
    ['without a zone', '{"value":1,"deadline":"2027-01-01T00:00:00"}', 'invalid-body'],
    ['without a time', '{"value":1,"deadline":"2027-01-01"}', 'invalid-body'],
    ['that is not in the calendar', '{"value":1,"deadline":"2027-02-30T00:00:00Z"}', 'invalid-body'],
    ['past the year 9999 in UTC', '{"value":1,"deadline":"9999-12-31T23:59:59-01:00"}', 'invalid-body'],
    ['that is a number', '{"value":1,"deadline":1800000000000}', 'invalid-body'],
    ['that is missing', '{"value":1}', 'invalid-body'],
    ['with a target that is not finite', `{"value":1e400,"deadline":"${at(60)}"}`, 'inexact-number'],
    ['with no target', `{"deadline":"${at(60)}"}`, 'invalid-body'],
    ['with an unknown field', `{"value":1,"deadline":"${at(60)}","by":"me"}`, 'invalid-body'],
    ['with an unknown direction', `{"value":1,"deadline":"${at(60)}","direction":"down"}`, 'invalid-body'],
    ['with no direction but null', `{"value":1,"deadline":"${at(60)}","direction":null}`, 'invalid-body'],
  ])('a deadline %s', async (_what, body, code) => {
    await expectRefused(`/metrics/${id}/targets`, body, 400, code);
  });

  it.each([
    ['NaN', '{"value":NaN}', 'invalid-json'],
    ['Infinity', '{"value":Infinity}', 'invalid-json'],
    ['-Infinity', '[{"value":-Infinity}]', 'invalid-json'],
    ['1e400', '{"value":1e400}', 'inexact-number'],
    ['"NaN" as text', '{"value":"NaN"}', 'invalid-body'],
    ['"Infinity" as text', '{"value":"Infinity"}', 'invalid-body'],
    ['"1e400" as text', '{"value":"1e400"}', 'invalid-body'],
    ['"0x10" as text', '{"value":"0x10"}', 'invalid-body'],
    ['more digits than a double keeps', '{"value":9007199254740993}', 'inexact-number'],
    ['more digits than a double keeps, as text', '{"value":"9007199254740993"}', 'invalid-body'],
    ['a long fraction as text', '{"value":"0.12345678901234567"}', 'invalid-body'],
    ['in a list, too long as text', '[{"value":1},{"value":"-9007199254740993"}]', 'invalid-body'],
    ['"1e-400" as text', '{"value":"1e-400"}', 'invalid-body'],
    ['"1e99999999999" as text', '{"value":"1e99999999999"}', 'invalid-body'],
    ['"1.2345e-320" as text', '{"value":"1.2345e-320"}', 'invalid-body'],
    ['text with blanks', '{"value":" 1 "}', 'invalid-body'],
    ['text with a plus', '{"value":"+1"}', 'invalid-body'],
    ['text without a whole part', '{"value":".5"}', 'invalid-body'],
    ['text with groups', '{"value":"1_000"}', 'invalid-body'],
    ['digits of another script', '{"value":"\u0661"}', 'invalid-body'],
    ['a literal with a zero at its start', '{"value":007}', 'invalid-json'],
    ['hexadecimal', '{"value":0x10}', 'invalid-json'],
    ['there twice', '{"value":1,"value":2}', 'duplicate-key'],
    ['there twice in a list', '[{"value":1},{"value":1,"val\\u0075e":1}]', 'duplicate-key'],
    ['no text', '{"value":""}', 'invalid-body'],
    ['null', '{"value":null}', 'invalid-body'],
    ['nothing', '{}', 'invalid-body'],
    ['an unknown field', '{"value":1,"unit":"EUR"}', 'invalid-body'],
    ['an unknown field in a list', '[{"value":1},{"value":1,"unit":"EUR"}]', 'invalid-body'],
    ['a bare number', '7', 'invalid-body'],
    ['an empty list', '[]', 'invalid-body'],
    ['a list of lists', '[[{"value":1}]]', 'invalid-body'],
    ['an instant without a zone', '{"value":1,"at":"2026-01-01T00:00:10"}', 'invalid-body'],
    ['an instant in the future', `{"value":1,"at":"${at(10, 1)}"}`, 'metrics/in-the-future'],
    [
      'a list out of order with one in the future',
      `[{"value":1,"at":"${at(99)}"},{"value":2,"at":"${at(10)}"},{"value":3}]`,
      'metrics/in-the-future',
    ],
    ['an instant before the metric', `{"value":1,"at":"${at(9, 999)}"}`, 'metrics/before-creation'],
    ['an instant before the year 0', '{"value":1,"at":"0000-01-01T00:00:00+01:00"}', 'invalid-body'],
  ])('a value that is %s', async (_what, body, code) => {
    await expectRefused(`/metrics/${id}/values`, body, 400, code);
  });

  it.each([
    ['/values', '{"value":"9007199254740993"}'],
    ['/targets', `{"value":"9007199254740993","deadline":"${at(60)}"}`],
  ])('a number as text that a double would change is refused with its reason: %s', async (path, body) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.call('POST', `/metrics/${id}${path}`, { headers, body });
    const detail = 'A double rounds this number or cannot represent it. Write it with fewer digits.';
    expect(answer.body).toMatchObject({ errors: [{ pointer: '/value', detail }] });
    expect(await api.eventsOf(id)).toHaveLength(1);
  });

  it.each([
    ['"9007199254740992"', 9007199254740992],
    ['"007"', 7],
    ['"-0"', 0],
    ['-0', 0],
    ['"0.3333333333333333"', 1 / 3],
    ['"1e2"', 100],
    ['"12.50"', 12.5],
  ])('but %s is a value', async (value, stored) => {
    const headers = { 'content-type': 'application/json' };
    const answer = await api.call('POST', `/metrics/${id}/values`, { headers, body: `{"value":${value}}` });
    expect(answer).toMatchObject({ status: 200, body: { value: stored } });
    const [, data] = (await api.eventsOf(id)).at(-1) ?? [];
    expect(data).toMatchObject({ value: stored });
  });

  it('1,001 values', async () => {
    const values = Array.from({ length: 1_001 }, () => ({ value: 1 }));
    await expectRefused(`/metrics/${id}/values`, JSON.stringify(values), 400, 'invalid-body');
    const answer = await api.post(`/metrics/${id}/values`, values);
    expect((answer.body as { detail: string }).detail).toContain('Expected at most 1000 values');
  });

  const commands = [
    ['targets', { value: 1, deadline: at(60) }],
    ['values', { value: 1 }],
    ['archive', {}],
  ] as const;

  it.each(commands)('%s of an unknown metric', async (path, json) => {
    expect(await api.post(`/metrics/nobody/${path}`, json)).toMatchObject(
      problemLike(404, 'metrics/not-found'),
    );
    expect(await api.eventsOf('nobody')).toEqual([]);
  });

  it.each(commands)('%s of an archived metric', async (path, json) => {
    await api.post(`/metrics/${id}/archive`);
    expect(await api.post(`/metrics/${id}/${path}`, json)).toMatchObject(
      problemLike(409, 'metrics/archived'),
    );
    expect(await api.eventsOf(id)).toHaveLength(2);
  });

  it.each(['_a', '%20', 'a%2Fb', 'x'.repeat(65), 'ä'])('the id %s', async (bad) => {
    for (const [path, json] of commands)
      expect(await api.post(`/metrics/${bad}/${path}`, json)).toMatchObject({ status: 400 });
  });
});
