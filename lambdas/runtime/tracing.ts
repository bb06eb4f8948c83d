import type { Tracer } from '@aws-lambda-powertools/tracer';
import type { Environment } from './environment.ts';

/**
 * Powertools' tracer if an X-Ray daemon runs (Lambda sets `AWS_XRAY_DAEMON_ADDRESS`), undefined otherwise.
 * Loaded only if needed: once loaded, the X-Ray SDK hooks into every promise.
 */
export async function loadTracer(env: Environment): Promise<Tracer | undefined> {
  if (env['AWS_XRAY_DAEMON_ADDRESS'] === undefined) return undefined;
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  return new Tracer();
}
