import { tracingVariables } from '../../schema/tracing.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Environment } from './environment.ts';

/**
 * The adapter that the variable `TRACING` names. Undefined: nothing is traced. Adapters are loaded only if needed, because each start would wait for them, and
 * the X-Ray SDK hooks into every promise as soon as it is loaded. Rejects if a variable is missing or invalid.
 */
export async function loadTracing(env: Environment): Promise<Tracing | undefined> {
  switch (env[tracingVariables.adapter] ?? 'off') {
    case 'off':
      return undefined;
    default:
      throw new Error(`${tracingVariables.adapter} must be "off", "xray" or "otlp".`);
  }
}
