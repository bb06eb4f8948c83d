import { enableCompileCache } from 'node:module';
import { join } from 'node:path';

// Node then compiles the host, its engines and the app once and not at each start. This must come before everything is imported.
const folder = join(import.meta.dirname, '../../.cache/node');
enableCompileCache(folder);
// Threads and other processes of Node use it too.
process.env['NODE_COMPILE_CACHE'] ??= folder;
await import('./start.ts');
