import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import type { DocumentType } from '../../../domain/events.ts';
import { UnreadablePrescriptionError } from '../prescription-analyzer.ts';
import { BedrockAnalyzer } from './bedrock-analyzer.ts';

interface ConverseRequest {
  readonly path: string;
  readonly body: {
    readonly messages: readonly {
      readonly role: string;
      readonly content: readonly Record<string, unknown>[];
    }[];
    readonly system: readonly { readonly text: string }[];
    readonly inferenceConfig: object;
  };
}

type Answering = (response: ServerResponse) => void;

const drug = {
  name: 'Amoxicillin',
  strength: '500 mg',
  form: 'capsule',
  quantity: 21,
  directions: 'Take one three times daily',
};
const sound = { confidence: 0.93, drugs: [drug] };
const bytes = Buffer.from('Amoxicillin for Jane Sample');

let server: Server;
let requests: ConverseRequest[];
let answers: Answering[];
let client: BedrockRuntimeClient;

/** A server with Converse's wire format. The n-th request gets the n-th of `answers`. */
beforeEach(async () => {
  requests = [];
  answers = [];
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({ path: request.url ?? '', body: JSON.parse(Buffer.concat(chunks).toString()) });
    const answer = answers.shift();
    if (answer) answer(response);
    else failing(500, 'UnexpectedCallException')(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  client = connect(10_000);
});

afterEach(async () => {
  client.destroy();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

function connect(requestTimeout: number): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    maxAttempts: 1,
    requestHandler: new NodeHttpHandler({ requestTimeout, throwOnRequestTimeout: true }),
  });
}

function send(
  response: ServerResponse,
  status: number,
  body: object,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}

const saying =
  (content: readonly object[], stopReason = 'end_turn'): Answering =>
  (response) =>
    send(response, 200, {
      output: { message: { role: 'assistant', content } },
      stopReason,
      usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 },
      metrics: { latencyMs: 1 },
    });

const sayingText = (text: string, stopReason?: string) => saying([{ text }], stopReason);

const failing =
  (status: number, errorType: string): Answering =>
  (response) =>
    send(response, status, { message: 'The service says no.' }, { 'x-amzn-errortype': errorType });

const analyze = (contentType: DocumentType = 'text/plain', document: Uint8Array = bytes) =>
  new BedrockAnalyzer({ client, modelId: 'some.model-v1:0' }).analyze({ contentType, bytes: document });

/** The sentence of an unreadable prescription. */
async function reasonOf(analysis: Promise<unknown>): Promise<string> {
  const error = await analysis.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (error instanceof UnreadablePrescriptionError) return error.message;
  throw new Error(`Not unreadable, but: ${error}`);
}

describe('the request', () => {
  it.each([
    ['image/png', { image: { format: 'png', source: { bytes: bytes.toString('base64') } } }],
    ['image/jpeg', { image: { format: 'jpeg', source: { bytes: bytes.toString('base64') } } }],
    [
      'application/pdf',
      { document: { format: 'pdf', name: 'prescription', source: { bytes: bytes.toString('base64') } } },
    ],
    [
      'text/plain',
      { document: { format: 'txt', name: 'prescription', source: { bytes: bytes.toString('base64') } } },
    ],
  ] as const)('sends %s as the right kind of block', async (contentType, block) => {
    answers = [sayingText(JSON.stringify(sound))];
    await analyze(contentType);
    expect(requests).toEqual([
      {
        path: '/model/some.model-v1%3A0/converse',
        body: {
          system: [{ text: expect.stringContaining('Answer with one JSON object and nothing else') }],
          messages: [{ role: 'user', content: [block, { text: 'Read the drugs of this prescription.' }] }],
          inferenceConfig: { maxTokens: 8_192, temperature: 0 },
        },
      },
    ]);
  });

  it('is not sent for an image that is too large for the service', async () => {
    expect(await reasonOf(analyze('image/png', new Uint8Array(3_750_001)))).toMatch(/more than 3.75 MB/);
    expect(requests).toEqual([]);
  });
});

describe('an answer', () => {
  it.each([
    ['alone', [{ text: JSON.stringify(sound) }]],
    ['in Markdown', [{ text: `\`\`\`json\n${JSON.stringify(sound)}\n\`\`\`` }]],
    [
      'after an explanation',
      [{ reasoningContent: { reasoningText: { text: '{hm}' } } }, { text: JSON.stringify(sound) }],
    ],
    ['in two blocks', [{ text: '{"confidence":0.93,"drugs":[' }, { text: `${JSON.stringify(drug)}]}` }]],
  ])('is accepted: %s', async (_, content) => {
    answers = [saying(content)];
    expect(await analyze()).toEqual({ analyzer: 'bedrock', ...sound });
    expect(requests).toHaveLength(1);
  });

  it('without drugs means that the document is unreadable', async () => {
    answers = [sayingText('{"confidence":0,"drugs":[]}')];
    expect(await reasonOf(analyze())).toMatch(/found no drugs/);
    expect(requests).toHaveLength(1);
  });
});

describe('a malformed answer', () => {
  const malformed = [
    ['no JSON', 'I think it says Amoxicillin.', 'It is not JSON.'],
    ['nothing', ' ', 'It is not JSON.'],
    ['JSON cut off', '{"confidence": 1, "drugs": [', 'It is not JSON.'],
    ['no confidence', JSON.stringify({ drugs: [drug] }), 'at confidence'],
    ['a confidence of 2', JSON.stringify({ confidence: 2, drugs: [drug] }), 'at confidence'],
    [
      'half a capsule',
      JSON.stringify({ ...sound, drugs: [{ ...drug, quantity: 0.5 }] }),
      'at drugs[0].quantity',
    ],
    [
      'a patient too',
      JSON.stringify({ ...sound, drugs: [{ ...drug, patient: 'Jane Sample' }] }),
      'Unrecognized key: "patient"',
    ],
    ['51 drugs', JSON.stringify({ ...sound, drugs: Array(51).fill(drug) }), 'at drugs'],
  ] as const;

  it.each(malformed)('is sent back once, with its problem: %s', async (_, text, problem) => {
    answers = [sayingText(text), sayingText(JSON.stringify(sound))];
    expect(await analyze()).toEqual({ analyzer: 'bedrock', ...sound });
    const [first, second] = requests;
    expect(second?.body).toEqual({
      ...first?.body,
      messages: [
        ...(first?.body.messages ?? []),
        { role: 'assistant', content: [{ text: text.trim() === '' ? '(nothing)' : text }] },
        { role: 'user', content: [{ text: expect.stringContaining(problem) }] },
      ],
    });
  });

  it('twice makes the document unreadable, without quoting either', async () => {
    answers = [sayingText('Jane Sample takes it'), sayingText('{"name":"Jane Sample"}')];
    expect(await reasonOf(analyze())).toBe(
      'The analysis service returned no usable answer for the document in two attempts. Enter the drugs by hand.',
    );
    expect(requests).toHaveLength(2);
  });

  it('followed by a failure of the service throws that failure', async () => {
    answers = [sayingText('hm'), failing(429, 'ThrottlingException')];
    await expect(analyze()).rejects.toMatchObject({ name: 'ThrottlingException' });
  });
});

describe('a refusal', () => {
  it.each([
    ['guardrail_intervened', /safeguard/],
    ['content_filtered', /refused the document/],
    ['max_tokens', /too long/],
    ['model_context_window_exceeded', /too long/],
  ])('by %s makes the document unreadable, without asking again', async (stopReason, reason) => {
    answers = [sayingText(JSON.stringify(sound), stopReason)];
    expect(await reasonOf(analyze())).toMatch(reason);
    expect(requests).toHaveLength(1);
  });

  it('as text, twice, makes the document unreadable', async () => {
    const words = 'I cannot help with medical documents.';
    answers = [sayingText(words), sayingText(words)];
    expect(await reasonOf(analyze())).toMatch(/no usable answer/);
  });
});

describe('a failure of the service', () => {
  it.each([
    [429, 'ThrottlingException'],
    [408, 'ModelTimeoutException'],
    [429, 'ModelNotReadyException'],
    [500, 'InternalServerException'],
    [503, 'ServiceUnavailableException'],
    [403, 'AccessDeniedException'],
    [404, 'ResourceNotFoundException'],
    [400, 'ValidationException'],
  ])('%i %s is thrown: another attempt may help', async (status, name) => {
    answers = [failing(status, name)];
    await expect(analyze()).rejects.toMatchObject({ name });
  });

  it('that is a timeout is thrown', async () => {
    client.destroy();
    client = connect(100);
    answers = [() => undefined];
    await expect(analyze()).rejects.toMatchObject({ name: 'TimeoutError' });
  });

  it('during the repair is bounded by the timeout of the whole analysis', async () => {
    answers = [sayingText('hm'), () => undefined];
    const bedrock = new BedrockAnalyzer({ client, modelId: 'm', timeoutMs: 500 });
    const error = await bedrock
      .analyze({ contentType: 'text/plain', bytes })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'AbortError' });
  });

  it('that is a broken connection is thrown', async () => {
    answers = [(response) => response.destroy()];
    const error = await analyze().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(UnreadablePrescriptionError);
  });
});
