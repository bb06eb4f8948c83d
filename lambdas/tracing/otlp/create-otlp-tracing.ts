import type { Tracing } from '../tracing.ts';
import { functionResource } from './function-resource.ts';
import { keepAlive } from './http-post.ts';
import { type Authorization, OtlpExporter } from './otlp-exporter.ts';
import { type OtlpSettings, otlpSettings } from './otlp-settings.ts';
import { OtlpTracing } from './otlp-tracing.ts';
import type { ExportLog } from './outage.ts';
import { createTracer } from './provider.ts';
import { Sampling } from './sampling.ts';
import { nodeTracingEffects } from './tracing-effects.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the adapter reports. */
export interface OtlpReports {
  readonly log: ExportLog;
  /** Counts spans that are lost. It is called before an invocation ends. */
  readonly onDropped: (spans: number) => void;
}

/** Creates the OTLP adapter. Rejects with an error that says what to change if a variable is missing or invalid. */
export async function createOtlpTracing(env: Environment, { log, onDropped }: OtlpReports): Promise<Tracing> {
  const settings = otlpSettings(env);
  const effects = nodeTracingEffects;
  const authorizations = await authorizationsOf(settings, env);
  const exporter = new OtlpExporter({
    url: settings.url,
    maxMs: settings.maxMs,
    connection: keepAlive(),
    authorizations,
    log,
    effects,
  });
  // Before the first invocation: a secret and a new connection take time.
  exporter.open();
  return new OtlpTracing({
    tracer: createTracer(functionResource(env)),
    sampling: new Sampling(settings.ratio, effects),
    ...{ exporter, effects, onDropped },
  });
}

/** The header comes first, because a signature covers all headers. What is not used is not loaded. */
async function authorizationsOf(
  { header, signingRegion }: OtlpSettings,
  env: Environment,
): Promise<readonly Authorization[]> {
  const authorizations: Authorization[] = [];
  if (header !== undefined) {
    const { SecretHeader } = await import('./secret-header.ts');
    const { secretReader } = await import('./read-secret.ts');
    authorizations.push(new SecretHeader(header.name, secretReader(header.secretArn), nodeTracingEffects));
  }
  if (signingRegion !== undefined) {
    const { sigV4 } = await import('./sigv4.ts');
    authorizations.push(sigV4(env, signingRegion));
  }
  return authorizations;
}
