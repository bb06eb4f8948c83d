import type { ServerResponse } from 'node:http';

/** Answers a request to Bedrock's Converse API. */
export type Answering = (response: ServerResponse) => void;

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

/** The model says this, in blocks. */
export const saying =
  (content: readonly object[], stopReason = 'end_turn'): Answering =>
  (response) =>
    send(response, 200, {
      output: { message: { role: 'assistant', content } },
      stopReason,
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 1 },
    });

/** The model says this text. */
export const sayingText = (text: string, stopReason?: string) => saying([{ text }], stopReason);

/** The service answers with an error. */
export const failing =
  (status: number, errorType: string): Answering =>
  (response) =>
    send(response, status, { message: 'The service says no.' }, { 'x-amzn-errortype': errorType });
