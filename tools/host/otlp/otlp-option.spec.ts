import { expect, it } from '@jest/globals';
import { parseOtlp } from './otlp-option.ts';

it.each([
  ['http://localhost:4318', 'http://localhost:4318'],
  ['http://localhost:4318/', 'http://localhost:4318'],
  ['HTTPS://Collector.example/otlp//', 'https://collector.example/otlp'],
  ['http://[::1]:4318', 'http://[::1]:4318'],
  ['http://localhost:80', 'http://localhost'],
])('the receiver %s is at %s', (text, url) => {
  expect(parseOtlp(text)).toBe(url);
});

it.each([
  ['localhost:4318', 'must be the http or https URL'],
  ['4318', 'must be the http or https URL'],
  ['', 'must be the http or https URL'],
  ['grpc://localhost:4317', 'must be the http or https URL'],
  ['file:///etc/passwd', 'must be the http or https URL'],
  ['http://', 'must be the http or https URL'],
  ['http://localhost:99999', 'must be the http or https URL'],
  ['http://me:secret@localhost:4318', 'takes no user name or password'],
  ['http://:secret@localhost:4318', 'takes no user name or password'],
  ['http://localhost:4318?key=secret', 'without ? and #'],
  ['http://localhost:4318/?', 'without ? and #'],
  ['http://localhost:4318/#a', 'without ? and #'],
  ['http://localhost:4318/v1/traces', 'takes the base URL, such as: --otlp http://localhost:4318'],
  ['http://localhost:4318/otlp/v1/logs/', 'takes the base URL, such as: --otlp http://localhost:4318/otlp'],
])('the receiver %s is refused, without its secrets', (text, reason) => {
  expect(() => parseOtlp(text)).toThrow(expect.objectContaining({ name: 'UserError' }));
  expect(() => parseOtlp(text)).toThrow(reason);
  expect(() => parseOtlp(text)).toThrow(/^(?!.*secret)[^\n]+$/);
});
