import { describe, expect, it } from '@jest/globals';
import type { SQSRecord } from 'aws-lambda';
import { EventSourcingError, silentObserver } from '../kernel/index.ts';
import type { SealRequest } from '../kernel/segments/index.ts';
import { recordingObserver, traceparentIn } from '../kernel/testing/index.ts';
import { type SealBatchDependencies, sealBatch } from './seal-batch.ts';
import { encodeSealRequest, toSealRequest } from './seal-message.ts';

const done = { done: true, segments: 2, rows: 2, version: 2_000 };
const records = (...bodies: readonly string[]) =>
  bodies.map((body, index) => ({ messageId: `m${index}`, body }) as SQSRecord);
const messages = (...requests: readonly SealRequest[]) => records(...requests.map(encodeSealRequest));
const failedIds = ({ response }: Awaited<ReturnType<typeof sealBatch>>) =>
  response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier);

/** Seals by `seal`, and notes what it was asked and what was reported. */
function sealing(
  seal: SealBatchDependencies['sealer']['seal'] = async () => done,
  hasTime: SealBatchDependencies['hasTime'] = () => true,
) {
  const asked: SealRequest[] = [];
  const warnings: string[] = [];
  const sealer: SealBatchDependencies['sealer'] = {
    seal: (request, time) => {
      asked.push(request);
      return seal(request, time);
    },
  };
  const observer = { ...silentObserver, warn: (message: string) => void warnings.push(message) };
  return { asked, warnings, dependencies: { sealer, observer, hasTime } };
}

describe('sealing a batch of messages', () => {
  it('seals each stream once, and checks it if one message asks for that', async () => {
    const { asked, dependencies } = sealing();
    const batch = messages(
      { stream: 'ledger/a' },
      { stream: 'ledger/b' },
      { stream: 'ledger/a', check: true },
      { stream: 'ledger/a' },
    );
    const result = await sealBatch(batch, dependencies);
    expect(asked).toEqual([
      { stream: 'ledger/a', check: true },
      { stream: 'ledger/b', check: false },
    ]);
    expect(result).toEqual({ response: { batchItemFailures: [] }, streams: 2, segments: 4, failed: 0 });
  });

  it('gets the messages of a stream again if there was no time, or if sealing failed for now', async () => {
    const { dependencies } = sealing(async ({ stream }) => {
      if (stream === 'ledger/b') throw new Error('unreachable');
      return { ...done, done: stream !== 'ledger/c' };
    });
    const streams = ['a', 'b', 'c', 'c'].map((id) => ({ stream: `ledger/${id}` as const }));
    expect(failedIds(await sealBatch(messages(...streams), dependencies))).toEqual(['m1', 'm2', 'm3']);
  });

  it('seals a stream in the traces of all messages that ask for it', async () => {
    const { observer, take } = recordingObserver();
    const contexts = [traceparentIn('a'), traceparentIn('b'), 'malformed', traceparentIn('a', '2')];
    const batch = messages(...contexts.map(() => ({ stream: 'ledger/a' }) as const)).map(
      (message, index) => ({
        ...message,
        messageAttributes: { traceparent: { stringValue: contexts[index], dataType: 'String' } },
      }),
    );
    await sealBatch(batch as unknown as readonly SQSRecord[], { ...sealing().dependencies, observer });
    const about = '{"stream":"ledger/a","consumer":"segment-sealer"}';
    expect(take()).toEqual([`1 seal [${about},${about}]`, `2 seal [${about}]`, `3 seal [${about}]`]);
  });

  it('begins no stream without time', async () => {
    let calls = 0;
    const { asked, dependencies } = sealing(undefined, () => ++calls === 1);
    const result = await sealBatch(messages({ stream: 'ledger/a' }, { stream: 'ledger/b' }), dependencies);
    expect([asked.length, failedIds(result)]).toEqual([1, ['m1']]);
  });

  it('drops what never succeeds: a log that cannot be read, and messages that name no stream', async () => {
    const { asked, warnings, dependencies } = sealing(async ({ stream }) => {
      throw new EventSourcingError('log-changed', stream, 'changed');
    });
    const bad = ['', 'null', '{', '{}', '{"stream":"a"}', '{"stream":"ledger/a","check":1}'];
    const result = await sealBatch([...records(...bad), ...messages({ stream: 'ledger/a' })], dependencies);
    expect([asked.length, failedIds(result), warnings.length]).toEqual([1, [], bad.length + 1]);
  });
});

it('a request is read as it was written', () => {
  for (const request of [
    { stream: 'ledger/a', check: true },
    { stream: 'ledger/acme/a', check: false },
  ] as const)
    expect(toSealRequest(JSON.parse(encodeSealRequest(request)))).toEqual(request);
});
