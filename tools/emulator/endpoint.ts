import { hostServer } from '../host/endpoints/not-hosted.ts';
import { UserError } from '../host/user-error.ts';

const answerTimeoutMs = 5_000;

/** The emulators that the app can be deployed to. */
export type EmulatorName = 'MiniStack' | 'LocalStack';

/**
 * Which emulator answers at an address such as `http://localhost:4566`.
 * @throws {UserError} when there is none; the message says how to start one.
 */
export async function findEmulator(endpoint: string): Promise<EmulatorName> {
  if (!/^https?:$/.test(URL.parse(endpoint)?.protocol ?? '')) {
    throw new UserError(`--endpoint must be a URL such as http://localhost:4566, not "${endpoint}".`);
  }
  // MiniStack answers both requests.
  if (await isThere(`${endpoint}/_ministack/health`)) return 'MiniStack';
  if (await isThere(`${endpoint}/_localstack/health`)) return 'LocalStack';
  throw new UserError(
    `The program at ${endpoint} is not an emulator of AWS that this app can be deployed to: stop it, or choose another with --endpoint URL.`,
  );
}

async function isThere(url: string): Promise<boolean> {
  let response: Response;
  try {
    response = await fetch(url, { signal: AbortSignal.timeout(answerTimeoutMs) });
  } catch {
    throw new UserError(
      `No emulator answers at ${new URL(url).origin}: start MiniStack with "npm run emulator", or LocalStack with "docker compose -f localstack.yml up", and try again.`,
    );
  }
  if (response.headers.get('server') === hostServer) {
    throw new UserError(
      `The local host (npm start) runs at ${new URL(url).origin}: it runs the app already, and nothing is deployed to it. To deploy the app, start an emulator at another port (npm run emulator -- --port 4567), and choose it with --endpoint http://localhost:4567.`,
    );
  }
  const health: unknown = response.ok ? await response.json().catch(() => undefined) : undefined;
  return typeof health === 'object' && health !== null && 'services' in health;
}
