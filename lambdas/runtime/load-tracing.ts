import { tracingVariables } from '../../schema/tracing.ts';
import type { Tracing } from '../tracing/tracing.ts';
import type { Environment } from './environment.ts';

/** Where an adapter reports what happens to it. */
export interface TracingReports {
  readonly warn: (message: string, details: Readonly<Record<string, unknown>>) => void;
  readonly info: (message: string, details: Readonly<Record<string, unknown>>) => void;
  /** Counts spans that are lost. It is called before an invocation ends. */
  readonly dropped: (spans: number) => void;
}

/**
 * The adapter that the variable `TRACING` names. Undefined: nothing is traced. Adapters are loaded only if needed, because each start would wait for them, and
 * the X-Ray SDK hooks into every promise as soon as it is loaded. Rejects if a variable is missing or invalid.
 */
export async function loadTracing(env: Environment, reports: TracingReports): Promise<Tracing | undefined> {
  switch (env[tracingVariables.adapter] ?? 'off') {
    case 'off':
      return undefined;
    case 'otlp': {
      const { createOtlpTracing } = await import('../tracing/otlp/create-otlp-tracing.ts');
      return createOtlpTracing(env, { log: reports, onDropped: reports.dropped });
    }
    case 'xray': {
      const { createXrayTracing } = await import('../tracing/xray/create-xray-tracing.ts');
      return createXrayTracing(env);
    }
    default:
      throw new Error(`${tracingVariables.adapter} must be "off", "xray" or "otlp".`);
  }
}
