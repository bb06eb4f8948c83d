import { expect, it } from '@jest/globals';
import * as conventions from '@opentelemetry/semantic-conventions/incubating';
import { ownAttributes, resourceAttributes, standardAttributes } from './tracing.ts';

/** The names that the package has, by the names of its constants. */
const standard = new Map<string, string>(
  Object.entries(conventions).flatMap(([constant, name]) =>
    constant.startsWith('ATTR_') && typeof name === 'string' ? [[name, constant] as const] : [],
  ),
);

it.each(Object.values({ ...resourceAttributes, ...standardAttributes }))(
  '%s is a name of OpenTelemetry',
  (name) => {
    expect(standard.get(name)).toMatch(/^ATTR_/);
  },
);

it.each(Object.values(ownAttributes))('%s is a name of our own', (name) => {
  expect(name).toMatch(/^streamfold\.[a-z_.]+$/);
  expect(standard.has(name)).toBe(false);
});
