import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { askApiGateway } from './api-gateway.ts';
import type { CdkTarget } from './cdk.ts';
import { deployedOutput } from './deployed-stack.ts';

const byHand = `--settings '{"httpApi":"on"}'`;

export interface HttpApiOptions extends Pick<CdkTarget, 'endpoint' | 'signal'> {
  readonly stackName: string;
  /** Settings that override those of the stage, as JSON. Default: those that `cdk.json` keeps. */
  readonly settings?: string | undefined;
  /** Called with what the person who deploys has to know. */
  readonly say: (sentence: string) => void;
}

/**
 * The settings with which the app can be deployed to an emulator: without an HTTP API where API Gateway V2 is refused, unless the
 * settings choose. Says why, and what a deployment without an HTTP API removes.
 * @throws {UserError} if the emulator does not say whether it has API Gateway V2.
 */
export async function settingsFor({ settings, ...options }: HttpApiOptions): Promise<string | undefined> {
  const own = objectIn(settings ?? settingsOfProject());
  // The synthesis refuses anything else than an object, with a sentence.
  if (own === undefined) return settings;
  if ('httpApi' in own) {
    if (own['httpApi'] === 'off') await sayWhatIsRemoved(options);
    return settings;
  }
  const { endpoint, signal, stackName, say } = options;
  const answer = await askApiGateway(endpoint, { signal });
  if (answer.kind === 'available') return settings;
  say(
    `The emulator at ${endpoint} refuses API Gateway V2: "${answer.reason}". So ${stackName} is deployed without an HTTP API, and its function is invoked directly. ${byHand} tries it with one.`,
  );
  await sayWhatIsRemoved(options);
  return JSON.stringify({ ...own, httpApi: 'off' });
}

async function sayWhatIsRemoved({
  endpoint,
  stackName,
  say,
}: Omit<HttpApiOptions, 'settings'>): Promise<void> {
  const url = await deployedOutput(endpoint, stackName, 'HttpApiUrl');
  if (url === undefined) return;
  say(
    `This removes the HTTP API that ${stackName} has now (${url}), with its routes, its access log and its alarm. Everything else stays, with its data. ${byHand} keeps it.`,
  );
}

/** `settings` in the context of the project's `cdk.json`: a command line that names settings replaces them. */
function settingsOfProject(): unknown {
  const file = join(import.meta.dirname, '../../cdk.json');
  return JSON.parse(readFileSync(file, 'utf8')).context?.settings ?? {};
}

function objectIn(settings: unknown): Readonly<Record<string, unknown>> | undefined {
  let value = settings;
  try {
    if (typeof settings === 'string') value = JSON.parse(settings);
  } catch {
    return undefined;
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}
