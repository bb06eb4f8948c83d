import { readFileSync } from 'node:fs';
import { Logger } from '@aws-lambda-powertools/logger';
import { bundleIdOf } from '../../schema/bundle-id.ts';
import type { Tracing } from '../tracing/tracing.ts';

let bundleId: string | undefined;

/**
 * The logger of a function. A line with an error has the id of the bundle (`bundle`), because the lines and columns of its stack
 * mean something in that bundle only. `npm run stack` finds the source map by it. A line has the ids of the span in which it is written.
 */
export function newLogger(tracing: Pick<Tracing, 'ids'>): Logger {
  return new Logger({ jsonReplacerFn: (key, value) => withBundle(key, withIds(tracing, key, value)) });
}

/** The line with the ids of its span (`trace_id`, `span_id`), if it has one. */
function withIds(tracing: Pick<Tracing, 'ids'>, key: string, value: unknown): unknown {
  if (key !== '' || typeof value !== 'object' || value === null) return value;
  const ids = tracing.ids();
  return ids === undefined ? value : { ...value, trace_id: ids.traceId, span_id: ids.spanId };
}

/** @param key empty for the line itself */
function withBundle(key: string, value: unknown): unknown {
  const isLine = key === '' && typeof value === 'object' && value !== null;
  if (!isLine || !Object.values(value).some((each) => each instanceof Error)) return value;
  // The first error only: a start of the function need not wait for it.
  bundleId ??= bundleIdOf(readFileSync(import.meta.filename));
  return { ...value, bundle: bundleId };
}
