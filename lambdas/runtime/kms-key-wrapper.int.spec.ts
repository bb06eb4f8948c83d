import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KMSClient } from '@aws-sdk/client-kms';
import { afterEach, describe, expect, it } from '@jest/globals';
import { kmsListener } from '../../tools/host/kms/kms-listener.ts';
import { LocalKms } from '../../tools/host/kms/local-kms.ts';
import { newMasterKey } from '../../tools/host/kms/master-key.ts';
import { clientSettings } from '../aws/client-settings.ts';
import { ForeignCiphertextError, isBusy, isOutage } from '../kernel/index.ts';
import { dataKeyBytes } from '../kernel/privacy/index.ts';
import { DecryptCommand, GenerateDataKeyCommand } from './kms-client.ts';
import { KmsKeyWrapper } from './kms-key-wrapper.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** A wrapper with a client of the SDK, as functions have it, for what answers in the place of KMS. */
async function wrapperFor(listener: RequestListener, keyArn: string): Promise<KmsKeyWrapper> {
  const server = createServer(listener);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const client = new KMSClient({
    ...clientSettings({ requestTimeoutMs: 1_000, maxAttempts: 1 }),
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  cleanups.push(() => {
    client.destroy();
    server.closeAllConnections();
    server.close();
  });
  return new KmsKeyWrapper({
    load: async () => ({ client, DecryptCommand, GenerateDataKeyCommand }),
    keyArn,
  });
}

async function setUp() {
  const kms = new LocalKms(newMasterKey());
  const [key, other] = [kms.createKey('one', ''), kms.createKey('two', '')];
  const wrapper = await wrapperFor(kmsListener(kms), key.arn);
  return { kms, key, other, wrapper, otherWrapper: await wrapperFor(kmsListener(kms), other.arn) };
}

/** Answers every call with an error of KMS. */
const failing =
  (status: number, type: string): RequestListener =>
  (request, response) => {
    request.resume();
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify({ __type: type, message: 'It fails.' }));
  };

const errorOf = (call: Promise<unknown>) => call.then(fail, (error: unknown) => error as Error);

function fail(): never {
  throw new Error('The call did not fail.');
}

describe('a data key that KMS wraps', () => {
  it('is unwrapped for its subject and id only', async () => {
    const { wrapper, otherWrapper } = await setUp();
    const { plain, wrapped } = await wrapper.generate('acme/dispense/1', 'id-1');
    expect(plain).toHaveLength(dataKeyBytes);
    expect(await wrapper.unwrap('acme/dispense/1', 'id-1', wrapped)).toEqual(plain);
    const changed = Buffer.from(wrapped);
    changed[changed.length - 1] = (changed.at(-1) ?? 0) ^ 1;
    for (const foreign of [
      () => wrapper.unwrap('dispense/1', 'id-1', wrapped),
      () => wrapper.unwrap('acme/dispense/1', 'id-2', wrapped),
      () => wrapper.unwrap('acme/dispense/1', 'id-1', changed),
      () => otherWrapper.unwrap('acme/dispense/1', 'id-1', wrapped),
    ]) {
      const error = await errorOf(foreign());
      expect(error).toBeInstanceOf(ForeignCiphertextError);
      expect(error.message).toMatch(
        /^The stored key of (acme\/)?dispense\/1 was changed, or is of another subject\.$/,
      );
    }
  });
});

describe('a fault of KMS', () => {
  it.each([
    ['ThrottlingException', 400],
    ['KMSInternalException', 500],
    ['DependencyTimeoutException', 503],
    ['KeyUnavailableException', 500],
  ])('that passes by itself (%s) is one', async (type, status) => {
    const wrapper = await wrapperFor(failing(status, type), 'key');
    for (const call of [wrapper.generate('a', 'b'), wrapper.unwrap('a', 'b', Buffer.alloc(1))]) {
      const error = await errorOf(call);
      expect([error.name, isBusy(error)]).toEqual([type, true]);
    }
  });

  it.each(['DisabledException', 'KMSInvalidStateException', 'NotFoundException'])(
    'about a key that a person must enable (%s) names the key, and is an outage that does not pass by itself',
    async (type) => {
      const wrapper = await wrapperFor(failing(400, type), 'arn:of:key');
      const error = await errorOf(wrapper.unwrap('a', 'b', Buffer.alloc(1)));
      expect(error.message).toBe(
        `The key arn:of:key cannot be used (${type}): enable it, or cancel its deletion.`,
      );
      expect([isOutage(error), isBusy(error)]).toEqual([true, false]);
    },
  );

  it('about a missing permission stays as it is', async () => {
    const wrapper = await wrapperFor(failing(400, 'AccessDeniedException'), 'key');
    const error = await errorOf(wrapper.unwrap('a', 'b', Buffer.alloc(1)));
    expect([error.name, isOutage(error), isBusy(error)]).toEqual(['AccessDeniedException', true, false]);
  });

  it('that answers nothing ends by a time limit, and passes', async () => {
    const wrapper = await wrapperFor((request) => request.resume(), 'key');
    expect(isBusy(await errorOf(wrapper.unwrap('a', 'b', Buffer.alloc(1))))).toBe(true);
  });

  it('after which the key is enabled again is over', async () => {
    const { key, wrapper } = await setUp();
    const { wrapped } = await wrapper.generate('a', 'b');
    key.enabled = false;
    expect(isOutage(await errorOf(wrapper.unwrap('a', 'b', wrapped)))).toBe(true);
    key.enabled = true;
    expect(await wrapper.unwrap('a', 'b', wrapped)).toHaveLength(dataKeyBytes);
  });
});
