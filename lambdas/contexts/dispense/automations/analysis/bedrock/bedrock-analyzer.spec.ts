import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { isOutage } from '../../../../../kernel/index.ts';
import type { PrescriptionDocument } from '../../../documents/document-store.ts';
import type { DocumentType } from '../../../domain/events.ts';
import { UnreadablePrescriptionError } from '../prescription-analyzer.ts';
import { BedrockAnalyzer } from './bedrock-analyzer.ts';
import { type Answering, failing, saying, sayingText } from './converse-answers.fixture.ts';

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

const drug = {
  name: 'Amoxicillin',
  strength: '500 mg',
  form: 'capsule',
  quantity: 21,
  directions: 'Take one three times daily',
};
const sound = { drugs: [drug], setAside: [], notUnderstood: [] };
const bytes = Buffer.from('Amoxicillin 500 mg\n capsules, 21, for Jane Sample');
const part = 0.5;
const reading = {
  analyzer: 'bedrock',
  confidence: part,
  drugs: [
    {
      ...drug,
      quantityIsDerived: false,
      confidence: { name: part, strength: part, form: part, quantity: part, directions: part },
      doubts: [],
    },
  ],
  setAside: [],
  notUnderstood: [],
  notUnderstoodMore: 0,
  doubts: [],
};

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

const analyze = (contentType: DocumentType = 'text/plain', document: Uint8Array = bytes) =>
  analyzeAll([{ contentType, bytes: document }]);
const analyzeAll = (pages: readonly PrescriptionDocument[], modelId = 'some.model-v1:0') =>
  new BedrockAnalyzer({ client, modelId }).analyze(pages);

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
      { document: { format: 'pdf', name: 'page 1', source: { bytes: bytes.toString('base64') } } },
    ],
    [
      'text/plain',
      { document: { format: 'txt', name: 'page 1', source: { bytes: bytes.toString('base64') } } },
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

  it('has all pages, in their order', async () => {
    answers = [sayingText(JSON.stringify(sound))];
    await analyzeAll([
      { contentType: 'application/pdf', bytes },
      { contentType: 'image/png', bytes },
      { contentType: 'text/plain', bytes },
    ]);
    const [asked] = requests[0]?.body.messages ?? [];
    expect(asked?.content.map((block) => Object.keys(block)[0])).toEqual([
      'document',
      'image',
      'document',
      'text',
    ]);
    expect(asked?.content).toMatchObject([
      { document: { name: 'page 1' } },
      {},
      { document: { name: 'page 3' } },
      {},
    ]);
  });

  it.each([
    ['eu.anthropic.claude-sonnet-4-20250514-v1:0', { enabled: true }],
    ['anthropic.claude-3-5-sonnet-20241022-v2:0', { enabled: true }],
    ['us.anthropic.claude-3-haiku-20240307-v1:0', undefined],
    ['eu.amazon.nova-lite-v1:0', undefined],
  ])('lets %s see the pages of a PDF, if it has citations', async (modelId, citations) => {
    answers = [sayingText(JSON.stringify(sound))];
    await analyzeAll([{ contentType: 'application/pdf', bytes }], modelId);
    const [asked] = requests[0]?.body.messages ?? [];
    expect((asked?.content[0]?.['document'] as { citations?: object })?.citations).toEqual(citations);
  });

  it('does not ask how sure the model is, and takes no such word', async () => {
    answers = [sayingText(JSON.stringify({ ...sound, confidence: 1 }))];
    expect(await analyze()).toEqual(reading);
    expect(requests[0]?.body.system[0]?.text).not.toMatch(/confiden/);
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
    [
      'in two blocks',
      [{ text: '{"setAside":[],"notUnderstood":[],"drugs":[' }, { text: `${JSON.stringify(drug)}]}` }],
    ],
    [
      'with citations',
      [
        { text: '{"setAside":[],"notUnderstood":[],"drugs":[' },
        { citationsContent: { content: [{ text: JSON.stringify(drug) }], citations: [] } },
        { text: ']}' },
      ],
    ],
  ])('is accepted: %s', async (_, content) => {
    answers = [saying(content)];
    expect(await analyze()).toEqual(reading);
    expect(requests).toHaveLength(1);
  });

  it('without drugs means that the document is unreadable', async () => {
    answers = [sayingText('{"drugs":[],"setAside":["Stop aspirin"],"notUnderstood":[]}')];
    expect(await reasonOf(analyze())).toMatch(/found no drugs/);
    expect(requests).toHaveLength(1);
  });

  it('with nothing but lines that are not understood is a reading', async () => {
    answers = [sayingText('{"drugs":[],"setAside":[],"notUnderstood":["Metho... 2.5"]}')];
    expect(await analyze()).toEqual({
      ...reading,
      confidence: 0,
      drugs: [],
      notUnderstood: ['Metho... 2.5'],
    });
  });
});

describe('a malformed answer', () => {
  const malformed = [
    ['no JSON', 'I think it says Amoxicillin.', 'It is not JSON.'],
    ['nothing', ' ', 'It is not JSON.'],
    ['JSON cut off', '{"drugs": [', 'It is not JSON.'],
    ['no lines', JSON.stringify({ drugs: [drug] }), 'at setAside'],
    [
      'a direction character',
      JSON.stringify({ ...sound, notUnderstood: ['\u202ea'] }),
      'at notUnderstood[0]',
    ],
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
    expect(await analyze()).toEqual(reading);
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
  ])('%i %s is thrown: another attempt may help', async (status, name) => {
    answers = [failing(status, name)];
    const error = await analyze().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name });
    expect(isOutage(error)).toBe(true);
  });

  it.each([
    [424, 'ModelErrorException'],
    [400, 'ServiceQuotaExceededException'],
  ])('%i %s is thrown as an outage', async (status, name) => {
    answers = [failing(status, name)];
    const error = await analyze().catch((thrown: unknown) => thrown);
    expect([isOutage(error), (error as Error).cause]).toMatchObject([true, { name }]);
  });

  it('that refuses the request is no outage: the same request would be refused again', async () => {
    answers = [failing(400, 'ValidationException')];
    const error = await analyze().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'ValidationException' });
    expect(isOutage(error)).toBe(false);
  });

  it('that is a timeout is thrown', async () => {
    client.destroy();
    client = connect(100);
    answers = [() => undefined];
    await expect(analyze()).rejects.toMatchObject({ name: 'SlowAnalysisError' });
  });

  it('during the repair is bounded by the timeout of the whole analysis', async () => {
    answers = [sayingText('hm'), () => undefined];
    const bedrock = new BedrockAnalyzer({ client, modelId: 'm', timeoutMs: 500 });
    const error = await bedrock
      .analyze([{ contentType: 'text/plain', bytes }])
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'SlowAnalysisError', cause: { name: 'AbortError' } });
  });

  it('that is a broken connection is thrown', async () => {
    answers = [(response) => response.destroy()];
    const error = await analyze().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(Error);
    expect(error).not.toBeInstanceOf(UnreadablePrescriptionError);
  });
});
