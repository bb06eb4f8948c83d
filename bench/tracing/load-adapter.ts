import { createRequire } from 'node:module';

type Create = (env: NodeJS.ProcessEnv, reports: object) => Promise<object | undefined>;

/** Loads the bundle of an adapter, creates the adapter, and prints how many ms that took. Runs in a process of its own. */
const [file = ''] = process.argv.slice(2);
const startedAt = performance.now();
const [create] = Object.values(createRequire(file)(file)) as [Create];
const adapter = await create(process.env, { log: console, onDropped: () => undefined });
const ms = performance.now() - startedAt;
if (adapter === undefined) throw new Error('The adapter was not created.');
console.log(ms);
