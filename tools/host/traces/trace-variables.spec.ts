import { expect, it } from '@jest/globals';
import { tracingVariables } from '../../../schema/tracing.ts';
import { withTraces } from './trace-variables.ts';

const { adapter, endpoint, headerName, headerSecret, ratio, signing, timeoutMs } = tracingVariables;
const here = { endpoint: 'http://127.0.0.1:1/v1/traces' };

it.each([
  ['none', {}],
  ['those of a function that is off', { [adapter]: 'off' }],
  ['those of a function with X-Ray, which has no daemon here', { [adapter]: 'xray' }],
])('a function sends its spans to the host, whose variables are %s', (_, variables) => {
  const expected = { A: 'b', [adapter]: 'otlp', [endpoint]: here.endpoint };
  expect(withTraces({ ...variables, A: 'b' }, here)).toEqual(expected);
  const patient = { ...here, timeoutMs: 5_000 };
  expect(withTraces({ ...variables, A: 'b' }, patient)).toEqual({ ...expected, [timeoutMs]: '5000' });
});

it.each([
  ['CloudWatch', { [endpoint]: 'https://xray.eu-central-1.amazonaws.com/v1/traces', [signing]: 'sigv4' }],
  [
    'a collector with a header, whose secret is not here',
    { [endpoint]: 'https://collector.example/v1/traces', [headerName]: 'x-api-key', [headerSecret]: 'arn:a' },
  ],
])('a function that sends to %s sends to the host, with its ratio', (_, variables) => {
  expect(withTraces({ ...variables, [adapter]: 'otlp', [ratio]: '0.5' }, here)).toEqual({
    ...{ [adapter]: 'otlp', [endpoint]: here.endpoint, [ratio]: '0.5' },
  });
});

it('a function whose template names a collector keeps it', () => {
  const variables = { [adapter]: 'otlp', [endpoint]: 'https://collector.example/v1/traces', [ratio]: '0.5' };
  expect(withTraces(variables, here)).toEqual(variables);
});

it('a function keeps its variables if the host has no receiver', () => {
  expect(withTraces({ [adapter]: 'off' }, undefined)).toEqual({ [adapter]: 'off' });
});
