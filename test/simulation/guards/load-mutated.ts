import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { withoutGuard } from './guard.ts';
import { namedGuard } from './named-guard.ts';

const { guard, path } = namedGuard();
const mutated = pathToFileURL(path).href;

// `--import` runs this in each thread, before anything else is loaded.
registerHooks({
  load(url, context, nextLoad) {
    const loaded = nextLoad(url, context);
    return url === mutated ? { ...loaded, source: withoutGuard(guard, String(loaded.source)) } : loaded;
  },
});
