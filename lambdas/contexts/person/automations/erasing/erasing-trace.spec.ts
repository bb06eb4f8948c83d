import type { SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { type Commit, type Observer, type StreamName, silentObserver } from '../../../../kernel/index.ts';
import { recordingObserver, traceparentIn } from '../../../../kernel/testing/index.ts';
import { encodeCommit } from '../../../../messaging/published-commit.ts';
import { ErasingUnderTest, now } from './erasing-under-test.fixture.ts';
import { type ErasureMessage, erasuresInTrace } from './erasure-message.ts';
import { handleErasures } from './handle-erasures.ts';
import { SqsErasureQueue } from './sqs-erasure-queue.ts';

const request = { type: 'RequestErasure', legalGround: 'objection', now } as const;
const sent = traceparentIn('a');

let test: ErasingUnderTest;
let recording: ReturnType<typeof recordingObserver>;
beforeEach(async () => {
  test = new ErasingUnderTest();
  recording = recordingObserver();
  await test.dispenseOf('p1', 'd1');
  await test.dispenseOf('p1', 'd2');
  await test.person('p1', request);
});

const commitsOf = async (stream: StreamName) => (await Array.fromAsync(test.log.read(stream))).flat();

/** Handles one message, whose attribute has this context. */
async function handle(
  body: ErasureMessage | string,
  traceparent: string | undefined,
  observer: Observer = recording.observer,
) {
  const record = {
    messageId: 'm',
    body: typeof body === 'string' ? body : JSON.stringify(body),
    messageAttributes: { traceparent: { stringValue: traceparent, dataType: 'String' } },
  };
  const { response } = await handleErasures([record as unknown as SQSRecord], {
    ...test.erasing,
    observer,
  });
  expect(response.batchItemFailures).toEqual([]);
}

/** The contexts of the commits that erase, and those of the messages that were sent. */
async function handedOn() {
  const commits = [...(await commitsOf('dispense/d1')), ...(await commitsOf('dispense/d2'))];
  const erased = [...commits, ...(await commitsOf('person/p1'))].filter(isErasure);
  return { commits: erased.map(({ traceparent }) => traceparent), messages: test.sentIn };
}

const isErasure = ({ events }: Commit) => events.some(({ type }) => type.endsWith(':Erased'));

describe('an erasure', () => {
  it('that a commit of the person asks for is in the trace of that commit', async () => {
    const [commit] = await commitsOf('person/p1');
    await handle(encodeCommit({ ...(commit as Commit), traceparent: sent }), traceparentIn('b'));
    expect(recording.take()).toEqual([
      '1 erase [{"stream":"person/p1","commits":["person/p1@1"],"consumer":"person-eraser"}]',
    ]);
    const own = traceparentIn('a', '1');
    expect(await handedOn()).toEqual({ commits: [own, own, own], messages: [own, own] });
  });

  it.each<ErasureMessage>([
    { type: 'person', person: 'person/p1' },
    { type: 'late-stream', stream: 'dispense/d1', person: 'person/p1' },
    { type: 'retention-ended', stream: 'dispense/d1' },
  ])('that a message of the queue asks for is in the trace of its attribute: $type', async (message) => {
    await handle(message, sent);
    const stream = message.type === 'person' ? 'person/p1' : 'dispense/d1';
    expect(recording.take()).toEqual([`1 erase [{"stream":"${stream}","consumer":"person-eraser"}]`]);
    const { commits, messages } = await handedOn();
    expect([...new Set([...commits, ...messages])]).toEqual([traceparentIn('a', '1')]);
  });

  it('continues in the next invocation in the same trace', async () => {
    test.timeFor = 0;
    await handle({ type: 'person', person: 'person/p1' }, sent);
    expect(test.sent.at(-1)?.message).toEqual({ type: 'person', person: 'person/p1' });
    expect(test.sentIn.at(-1)).toBe(traceparentIn('a', '1'));
  });

  it('that only the caller traces hands on the context of the message', async () => {
    await handle({ type: 'person', person: 'person/p1' }, sent, silentObserver);
    expect(await handedOn()).toEqual({ commits: [sent, sent, sent], messages: [sent, sent] });
  });

  it.each([undefined, '', 'x', sent.replace('00-', 'ff-')])(
    'has no context if the attribute is %j',
    async (traceparent) => {
      await handle({ type: 'person', person: 'person/p1' }, traceparent, silentObserver);
      const none = undefined;
      expect(await handedOn()).toEqual({ commits: [none, none, none], messages: [none, none] });
    },
  );
});

it('a message of the queue has its context as an attribute', async () => {
  const inputs: unknown[] = [];
  const client = { send: async ({ input }: { input: unknown }) => void inputs.push(input) };
  const queue = new SqsErasureQueue(client as unknown as SQSClient, 'https://queue');
  const message = { type: 'again', stream: 'dispense/d1' } as const;
  await erasuresInTrace(queue, sent).send(message, 300);
  await erasuresInTrace(queue, undefined).send(message);
  const common = { QueueUrl: 'https://queue', MessageBody: JSON.stringify(message) };
  expect(inputs).toEqual([
    {
      ...common,
      DelaySeconds: 300,
      MessageAttributes: { traceparent: { DataType: 'String', StringValue: sent } },
    },
    { ...common, DelaySeconds: 0 },
  ]);
});
