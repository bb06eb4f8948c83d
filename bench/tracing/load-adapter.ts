import { createRequire } from 'node:module';
import type { LoadableBundle } from './api-bundle.ts';

/** Loads the API's bundle without tracing, then an adapter, and prints how many ms the adapter took. Runs in a process of its own. */
const [file = '', adapter = '', variables = '{}'] = process.argv.slice(2);
const { create } = createRequire(file)(file) as LoadableBundle;
const startedAt = performance.now();
const created = await create[adapter as keyof typeof create](
  { ...process.env, ...JSON.parse(variables) },
  { log: console, onDropped: () => undefined },
);
const ms = performance.now() - startedAt;
if (created === undefined) throw new Error('The adapter was not created.');
console.log(ms);
