import type { Tracer } from '@aws-lambda-powertools/tracer';
import type { Environment } from './environment.ts';

/**
 * Powertools' tracer where an X-Ray daemon runs, as Lambda says by `AWS_XRAY_DAEMON_ADDRESS`; undefined elsewhere.
 * Loaded only then: the X-Ray SDK hooks into every promise from the moment it is loaded.
 */
export async function loadTracer(env: Environment): Promise<Tracer | undefined> {
  if (env['AWS_XRAY_DAEMON_ADDRESS'] === undefined) return undefined;
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  return new Tracer();
}
