import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AwsClient, awsClient } from '../../tools/host/aws-json.ts';
import type { Host } from '../../tools/host/host.ts';
import { type DestinationFaults, destinationFaults } from '../support/destination-faults.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import { startTestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

interface Health {
  readonly publisher: {
    readonly destinations: readonly {
      readonly name: string;
      readonly waiting: number;
      readonly parked: number;
    }[];
  };
  readonly projectors: readonly { readonly name: string; readonly behindMs: number }[];
}

const nothing = () => false;

describe('destinations of the publisher that fail', () => {
  let host: Host;
  let inside: InsideHost;
  let sqs: AwsClient;
  const faults: DestinationFaults = { refusesMessage: nothing, throttles: nothing };
  beforeAll(async () => {
    host = await startTestHost({ interceptCalls: destinationFaults(faults) });
    inside = new InsideHost(host);
    sqs = awsClient(host.awsUrl, 'sqs');
  }, 60_000);
  afterAll(() => host?.stop());

  const call = httpClient(() => host.httpUrl);
  const create = async (path: string, json: object) => {
    const { status, body } = await call('POST', path, json);
    expect({ path, status }).toEqual({ path, status: 201 });
    return String(body['id']);
  };
  const credit = (account: string) => call('POST', `/ledger/${account}/credits`, { amount: 1 });
  const untilBalanceIs = (account: string, balance: number) =>
    until(
      () => call('GET', `/ledger/${account}`),
      ({ body }) => Number(body['balance']) === balance,
    );
  const untilIsThere = (path: string) =>
    until(
      () => call('GET', path),
      ({ status }) => status === 200,
    );
  const kindsOf = async (subject: string) => {
    const items = (await call('GET', `/todos?subject=${subject}`)).body['items'] as { kind: string }[];
    return items.map(({ kind }) => kind).sort();
  };
  const untilWorkIs = (subject: string, ...kinds: readonly string[]) =>
    until(
      () => kindsOf(subject),
      (found) => `${found}` === `${kinds}`,
    );
  const ofDispense = ['add-drugs', 'add-patient'] as const;
  const health = async () => (await call('GET', '/health')).body as unknown as Health;
  const stateOf = async (name: string) =>
    (await health()).publisher.destinations.find((destination) => destination.name === name);
  const lagOf = async (name: string) =>
    (await health()).projectors.find((projector) => projector.name === name)?.behindMs;
  const drain = () => inside.invoke('publisher', { drain: true });
  const drainUntilEmpty = (name: string) =>
    until(
      async () => {
        await drain();
        return stateOf(name);
      },
      (state) => state?.waiting === 0,
    );

  /** Deletes the TODO queue. Returns what makes it again. */
  const deleteTodoQueue = async () => {
    const { QueueUrls } = await sqs.call<{ QueueUrls: string[] }>('ListQueues', {});
    const QueueUrl = QueueUrls.find((url) => /TodoQueue(?!Failures)[^/]*$/.test(url)) ?? '';
    await sqs.call('DeleteQueue', { QueueUrl });
    return () => sqs.call('CreateQueue', { QueueName: QueueUrl.split('/').at(-1) });
  };

  it('no character of a name stops a read model or a queue', async () => {
    for (const name of ['Sign-ups 🚀', 'Größe 東京', '𝄞 🐟']) {
      const id = await create('/metrics', { name });
      await untilIsThere(`/metrics/${id}`);
      await untilWorkIs(`metrics/${id}`, 'set-target');
    }
    await credit('other');
    await untilBalanceIs('other', 1);
  });

  it('a queue that is gone delays nothing else, and gets its commits when it is there again', async () => {
    const makeAgain = await deleteTodoQueue();
    const id = await create('/dispenses', {});
    for (const balance of [1, 2, 3]) {
      await credit('while-gone');
      await untilBalanceIs('while-gone', balance);
    }
    await untilIsThere(`/dispenses/${id}`);
    expect(await stateOf('todo')).toMatchObject({ waiting: expect.any(Number), parked: 0 });
    expect((await stateOf('todo'))?.waiting).toBeGreaterThan(0);
    expect(await kindsOf(`dispense/${id}`)).toEqual([]);
    await makeAgain();
    await drainUntilEmpty('todo');
    await untilWorkIs(`dispense/${id}`, ...ofDispense);
  });

  it('a message that is refused for good is parked alone, until it is published again', async () => {
    faults.refusesMessage = (body) => body.includes('never accepted');
    const refused = await create('/metrics', { name: 'never accepted' });
    const others = await Promise.all(['a', 'b', 'c'].map((name) => create('/metrics', { name })));
    for (const id of others) await untilWorkIs(`metrics/${id}`, 'set-target');
    await until(
      () => stateOf('todo'),
      (state) => state?.parked === 1,
    );
    // Its read model does not need the queue.
    await untilIsThere(`/metrics/${refused}`);
    const [parked, ...more] = await inside.query('ControlParked', 'consumer', 'publisher/todo');
    expect(more).toEqual([]);
    expect(parked).toMatchObject({
      subject: { S: `metrics/${refused}@1` },
      version: { N: '1' },
      reason: { S: 'The destination todo refuses the commit: InvalidMessageContents.' },
    });

    expect(await inside.invoke('publisher', { redrive: true })).toContainEqual({
      destination: 'todo',
      published: 0,
      parked: 1,
      failed: 0,
    });
    faults.refusesMessage = nothing;
    expect(await inside.invoke('publisher', { redrive: true })).toContainEqual({
      destination: 'todo',
      published: 1,
      parked: 0,
      failed: 0,
    });
    expect(await stateOf('todo')).toMatchObject({ waiting: 0, parked: 0 });
    await untilWorkIs(`metrics/${refused}`, 'set-target');
  });

  it('a throttled event stream delays no queue, and health shows the lag until it accepts again', async () => {
    faults.throttles = (partitionKey) => partitionKey.startsWith('dispense/');
    const id = await create('/dispenses', {});
    await untilWorkIs(`dispense/${id}`, ...ofDispense);
    await credit('beside');
    await untilBalanceIs('beside', 1);
    expect((await call('GET', `/dispenses/${id}`)).status).toBe(404);
    expect(await lagOf('dispense')).toBeGreaterThan(0);
    faults.throttles = nothing;
    await drainUntilEmpty('event-stream');
    await untilIsThere(`/dispenses/${id}`);
    await until(
      () => lagOf('dispense'),
      (lag) => lag === 0,
    );
  });

  it('all of them at once, under load, end without a difference', async () => {
    faults.refusesMessage = (body) => body.includes('refused for a while');
    faults.throttles = (partitionKey) => partitionKey.startsWith('ledger/hot');
    const makeAgain = await deleteTodoQueue();
    const rounds = Array.from({ length: 12 }, (_, index) => index);
    const metrics: string[] = [];
    const dispenses: string[] = [];
    for (const round of rounds) {
      const [metric, dispense] = await Promise.all([
        create('/metrics', { name: round === 3 ? 'refused for a while' : `metric ${round} 🐟` }),
        create('/dispenses', {}),
        credit('hot'),
        credit('cold'),
      ]);
      metrics.push(metric);
      dispenses.push(dispense);
    }
    // The accepted part of the stream goes on.
    await untilBalanceIs('cold', rounds.length);
    for (const id of dispenses) await untilIsThere(`/dispenses/${id}`);
    for (const id of metrics) await untilIsThere(`/metrics/${id}`);

    faults.throttles = nothing;
    await makeAgain();
    for (const name of ['event-stream', 'todo']) await drainUntilEmpty(name);
    await untilBalanceIs('hot', rounds.length);
    for (const id of dispenses) await untilWorkIs(`dispense/${id}`, ...ofDispense);
    expect(await stateOf('todo')).toMatchObject({ parked: 1 });
    faults.refusesMessage = nothing;
    await inside.invoke('publisher', { redrive: true });
    for (const id of metrics) await untilWorkIs(`metrics/${id}`, 'set-target');
    const { publisher, projectors } = await health();
    expect(publisher.destinations.filter(({ waiting, parked }) => waiting + parked > 0)).toEqual([]);
    expect(projectors.filter(({ behindMs }) => behindMs !== 0)).toEqual([]);
  }, 60_000);
});
