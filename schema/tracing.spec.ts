import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { expect, it } from '@jest/globals';
import { ownAttributes, resourceAttributes, standardAttributes } from './tracing.ts';

/** The declarations of the package's attributes, each with its comment: only comments tell which are deprecated. */
const folder = dirname(
  createRequire(import.meta.url).resolve('@opentelemetry/semantic-conventions/incubating'),
);
const declarations = readdirSync(folder)
  .filter((file) => /attributes\.d\.cts$/.test(file))
  .map((file) => readFileSync(join(folder, file), 'utf8'))
  .flatMap((text) => [
    ...text.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\ndeclare const ATTR_\w+: "([^"]+)";/g),
  ])
  .map(([, comment = '', name = '']) => ({ name, deprecated: comment.includes('@deprecated') }));

it.each(Object.values({ ...resourceAttributes, ...standardAttributes }))(
  '%s is a name of OpenTelemetry that is not deprecated',
  (name) => {
    expect(declarations).toContainEqual({ name, deprecated: false });
  },
);

it.each(Object.values(ownAttributes))('%s is a name of our own', (name) => {
  expect(name).toMatch(/^streamfold\.[a-z_.]+$/);
  expect(declarations).not.toContainEqual(expect.objectContaining({ name }));
});

it('knows what is deprecated', () => {
  expect(declarations).toContainEqual({ name: 'messaging.system', deprecated: true });
});
