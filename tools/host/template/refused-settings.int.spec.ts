import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { Bundler } from '../bundles/bundler.ts';
import { synthesize } from './synthesize.ts';

const root = join(import.meta.dirname, '../../..');

it.each([
  [{ nope: 1 }, /^Unknown setting "nope"/],
  [
    { cors: { origins: ['localhost:5173'] } },
    /^The setting "cors" .* or with --settings '\{"cors":...\}'\.$/,
  ],
])('a stage refuses %j in one sentence', async (settings, sentence) => {
  const bundler = new Bundler({
    root,
    functionNames: [],
    form: 'deployed',
    optionsFor: () => ({ outdir: root }),
  });
  const refused = await synthesize(root, { settings, bundler }).catch((error: Error) => error);
  expect(refused).toMatchObject({ name: 'UserError', message: expect.stringMatching(sentence) });
  expect(refused).toMatchObject({ message: expect.not.stringContaining('\n') });
});
