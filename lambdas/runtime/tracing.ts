import type { Tracer } from '@aws-lambda-powertools/tracer';
import type { Environment } from './environment.ts';

/**
 * The Powertools tracer if `AWS_XRAY_DAEMON_ADDRESS` is set, which means that an X-Ray daemon runs; otherwise undefined.
 * It is loaded only if needed, because the X-Ray SDK hooks into every promise as soon as it is loaded.
 */
export async function loadTracer(env: Environment): Promise<Tracer | undefined> {
  if (env['AWS_XRAY_DAEMON_ADDRESS'] === undefined) return undefined;
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  return new Tracer();
}
