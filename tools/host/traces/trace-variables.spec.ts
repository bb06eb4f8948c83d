import { expect, it } from '@jest/globals';
import { tracingVariables } from '../../../schema/tracing.ts';
import { withTraces } from './trace-variables.ts';

const { adapter, endpoint, ratio, timeoutMs } = tracingVariables;
const here = { url: 'http://127.0.0.1:1/v1/traces' };

it.each([
  ['none', {}],
  ['those of a function that is off', { [adapter]: 'off' }],
  ['those of a function with X-Ray, which has no daemon here', { [adapter]: 'xray' }],
])('a function sends its spans to the host, whose variables are %s', (_, variables) => {
  expect(withTraces({ ...variables, A: 'b' }, here)).toEqual({
    A: 'b',
    [adapter]: 'otlp',
    [endpoint]: here.url,
  });
});

it('a function whose template names a receiver keeps it', () => {
  const variables = { [adapter]: 'otlp', [endpoint]: 'https://collector.example/v1/traces', [ratio]: '0.5' };
  expect(withTraces(variables, here)).toEqual(variables);
});

it("a function waits longer for the host's own receiver", () => {
  expect(withTraces({}, { ...here, maxMs: 2_000 })).toMatchObject({ [timeoutMs]: '2000' });
});

it('a function keeps its variables if the host has no receiver', () => {
  expect(withTraces({ [adapter]: 'off' }, undefined)).toEqual({ [adapter]: 'off' });
});
