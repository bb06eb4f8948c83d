import { unverifiedSignature } from '../host/aws-json.ts';
import { poll } from '../host/poll.ts';
import { messageOf, UserError } from '../host/user-error.ts';

const answerTimeoutMs = 10_000;
const askingMs = 30_000;
const pollMs = 500;
const quotedChars = 300;

/** What an emulator says about API Gateway V2. */
export type ApiGatewayAnswer =
  | { readonly kind: 'available' }
  /** It is not in the plan, or not in the emulator: asking again changes nothing. `reason`: its own words. */
  | { readonly kind: 'refused'; readonly reason: string };

type Answer = ApiGatewayAnswer | { readonly kind: 'busy' | 'failed'; readonly text: string };

/**
 * Whether an emulator has API Gateway V2: it is asked to list its HTTP APIs. LocalStack answers 501 where the plan of the token does
 * not include the service. Only what can pass is asked again, for half a minute: no answer, 429, and other errors of the server.
 * @throws {UserError} for an answer that says neither; the signal's reason when it aborts.
 */
export async function askApiGateway(
  endpoint: string,
  {
    signal,
    timeoutMs = askingMs,
  }: { readonly signal?: AbortSignal | undefined; readonly timeoutMs?: number } = {},
): Promise<ApiGatewayAnswer> {
  const answer = await poll(
    () => ask(endpoint, signal),
    ({ kind }) => kind !== 'busy',
    {
      timeoutMs,
      intervalMs: pollMs,
      onTimeout: (last) => unclear(endpoint, 'text' in last ? last.text : last.kind),
    },
  );
  if (answer.kind === 'available' || answer.kind === 'refused') return answer;
  throw unclear(endpoint, answer.text);
}

async function ask(endpoint: string, signal: AbortSignal | undefined): Promise<Answer> {
  signal?.throwIfAborted();
  try {
    const timeout = AbortSignal.timeout(answerTimeoutMs);
    const response = await fetch(`${endpoint}/v2/apis`, {
      headers: unverifiedSignature('apigateway'),
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    });
    return answerOf(response.status, await response.text());
  } catch (error) {
    signal?.throwIfAborted();
    return { kind: 'busy', text: messageOf(error) };
  }
}

function answerOf(status: number, body: string): Answer {
  const content = parse(body);
  if (status === 200 && content !== undefined && Array.isArray(content['items']))
    return { kind: 'available' };
  const message = String(content?.['message'] ?? content?.['Message'] ?? body).slice(0, quotedChars);
  if (status === 501) return { kind: 'refused', reason: message };
  const canPass = status === 429 || status >= 500;
  return { kind: canPass ? 'busy' : 'failed', text: `HTTP ${status} ${message}` };
}

function parse(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const content: unknown = JSON.parse(text);
    return typeof content === 'object' && content !== null ? { ...content } : undefined;
  } catch {
    return undefined;
  }
}

function unclear(endpoint: string, text: string): UserError {
  return new UserError(
    `The emulator at ${endpoint} does not say whether it has API Gateway V2 (${text}). Choose by hand: --settings '{"httpApi":"off"}' deploys without an HTTP API, "on" with one.`,
  );
}
