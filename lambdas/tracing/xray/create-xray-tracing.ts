import type { Tracing } from '../tracing.ts';
import { XrayTracing } from './xray-tracing.ts';

/**
 * Creates the X-Ray adapter. Undefined if no daemon of X-Ray runs, which `AWS_XRAY_DAEMON_ADDRESS` tells: Lambda sets it. Requests of HTTP are not captured,
 * because each call of AWS has its own subsegment.
 */
export async function createXrayTracing(
  env: Readonly<Record<string, string | undefined>>,
): Promise<Tracing | undefined> {
  if (env['AWS_XRAY_DAEMON_ADDRESS'] === undefined) return undefined;
  const { Tracer } = await import('@aws-lambda-powertools/tracer');
  return new XrayTracing(new Tracer({ captureHTTPsRequests: false }));
}
