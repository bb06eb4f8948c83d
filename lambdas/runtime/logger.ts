import { readFileSync } from 'node:fs';
import { Logger } from '@aws-lambda-powertools/logger';
import { bundleIdOf } from '../../schema/bundle-id.ts';

let bundleId: string | undefined;

/**
 * The logger of a function. A line with an error has the id of the bundle (`bundle`), because the lines and columns of its stack
 * mean something in that bundle only. `npm run stack` finds the source map by it.
 */
export function newLogger(): Logger {
  return new Logger({ jsonReplacerFn: withBundle });
}

/** @param key empty for the line itself */
function withBundle(key: string, value: unknown): unknown {
  const isLine = key === '' && typeof value === 'object' && value !== null;
  if (!isLine || !Object.values(value).some((each) => each instanceof Error)) return value;
  // The first error only: a start of the function need not wait for it.
  bundleId ??= bundleIdOf(readFileSync(import.meta.filename));
  return { ...value, bundle: bundleId };
}
