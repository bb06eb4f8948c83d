import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { kmsActions } from './kms-actions.ts';
import { LocalKms } from './local-kms.ts';
import { masterKeyIn, newMasterKey } from './master-key.ts';

/** Calls an action by its name. */
const call = (kms: LocalKms, action: string, input: object) =>
  kmsActions[action]?.(kms, input as Record<string, unknown>) as Record<string, string>;

const base64 = (text: string) => Buffer.from(text).toString('base64');

function setUp(masterKey = newMasterKey()) {
  const kms = new LocalKms(masterKey);
  const key = kms.createKey('App-Key', 'Wraps');
  kms.createAlias('alias/app/keys', key.id);
  return { kms, key };
}

describe('KMS on this machine', () => {
  it.each(['id', 'ARN', 'alias', 'ARN of the alias'])('knows a key by its %s', (name) => {
    const { kms, key } = setUp();
    const names: Record<string, string> = {
      id: key.id,
      ARN: key.arn,
      alias: 'alias/app/keys',
      'ARN of the alias': key.arn.replace(/key\/.*/, 'alias/app/keys'),
    };
    const answer = call(kms, 'DescribeKey', { KeyId: names[name] });
    expect(answer).toMatchObject({
      KeyMetadata: { Arn: key.arn, KeyState: 'Enabled', Description: 'Wraps' },
    });
  });

  it('decrypts what it has encrypted, with or without the key, and with the context in any order', () => {
    const { kms, key } = setUp();
    const { CiphertextBlob } = call(kms, 'Encrypt', {
      KeyId: key.id,
      Plaintext: base64('text'),
      EncryptionContext: { a: '1', b: '2' },
    });
    for (const more of [{}, { KeyId: 'alias/app/keys' }]) {
      const input = { CiphertextBlob, EncryptionContext: { b: '2', a: '1' }, ...more };
      expect(call(kms, 'Decrypt', input)).toEqual({
        Plaintext: base64('text'),
        KeyId: key.arn,
        EncryptionAlgorithm: 'SYMMETRIC_DEFAULT',
      });
    }
  });

  it('has the same keys after a restart with the same master key, and not with another', () => {
    const master = newMasterKey();
    const [before, after, other] = [setUp(master), setUp(master), setUp()];
    expect(after.key.arn).toBe(before.key.arn);
    const { CiphertextBlob, Plaintext } = call(before.kms, 'GenerateDataKey', {
      KeyId: before.key.id,
      KeySpec: 'AES_256',
    });
    expect(call(after.kms, 'Decrypt', { CiphertextBlob })).toMatchObject({ Plaintext });
    expect(() => call(other.kms, 'Decrypt', { CiphertextBlob })).toThrow(/was changed/);
  });

  it.each([
    ['a key that does not exist', 'NotFoundException', 'Encrypt', { KeyId: 'none', Plaintext: 'YQ==' }],
    ['an alias that does not exist', 'NotFoundException', 'DescribeKey', { KeyId: 'alias/none' }],
    ['no key', 'ValidationException', 'GenerateDataKey', { KeySpec: 'AES_256' }],
    ['no size', 'ValidationException', 'GenerateDataKey', { KeyId: 'alias/app/keys' }],
    [
      'two sizes',
      'ValidationException',
      'GenerateDataKey',
      { KeyId: 'alias/app/keys', KeySpec: 'AES_128', NumberOfBytes: 16 },
    ],
    [
      'a size that is none',
      'ValidationException',
      'GenerateDataKey',
      { KeyId: 'alias/app/keys', KeySpec: 'RSA' },
    ],
    [
      'a context that is none',
      'ValidationException',
      'Decrypt',
      { CiphertextBlob: 'YQ==', EncryptionContext: { a: 1 } },
    ],
    ['no ciphertext', 'ValidationException', 'Decrypt', {}],
    ['a ciphertext that is none', 'InvalidCiphertextException', 'Decrypt', { CiphertextBlob: 'YQ==' }],
    [
      'too large a text',
      'ValidationException',
      'Encrypt',
      { KeyId: 'alias/app/keys', Plaintext: base64('x'.repeat(4_097)) },
    ],
  ])('refuses %s by the name that KMS has for it: %s', (_, code, action, input) => {
    const { kms } = setUp();
    let refusal: unknown;
    try {
      call(kms, action, input);
    } catch (error) {
      refusal = error;
    }
    expect(refusal).toMatchObject({ name: 'AwsError', code, statusCode: 400 });
  });

  it('refuses the key, the context and every byte that are not those of the ciphertext', () => {
    const { kms, key } = setUp();
    const other = kms.createKey('Other', '');
    const { CiphertextBlob = '' } = call(kms, 'GenerateDataKey', {
      KeyId: key.id,
      NumberOfBytes: 32,
      EncryptionContext: { subject: 'a' },
    });
    const decrypt =
      (blob: string, context: object, more: object = {}) =>
      () =>
        call(kms, 'Decrypt', { CiphertextBlob: blob, EncryptionContext: context, ...more });
    expect(decrypt(CiphertextBlob, { subject: 'a' })).not.toThrow();
    expect(decrypt(CiphertextBlob, { subject: 'b' })).toThrow(/another encryption context/);
    expect(decrypt(CiphertextBlob, {})).toThrow(/another encryption context/);
    expect(decrypt(CiphertextBlob, { subject: 'a' }, { KeyId: other.id })).toThrow(/does not identify/);
    for (let index = 0; index < Buffer.from(CiphertextBlob, 'base64').length; index += 1) {
      const blob = Buffer.from(CiphertextBlob, 'base64');
      blob[index] = (blob[index] ?? 0) ^ 1;
      expect(decrypt(blob.toString('base64'), { subject: 'a' })).toThrow(/was changed/);
    }
  });

  it('refuses a disabled key until it is enabled', () => {
    const { kms, key } = setUp();
    const generate = () => call(kms, 'GenerateDataKey', { KeyId: key.id, KeySpec: 'AES_128' });
    const { CiphertextBlob } = generate();
    call(kms, 'DisableKey', { KeyId: key.id });
    expect(generate).toThrow(`${key.arn} is disabled.`);
    expect(() => call(kms, 'Decrypt', { CiphertextBlob })).toThrow('is disabled.');
    call(kms, 'EnableKey', { KeyId: key.id });
    expect(() => call(kms, 'Decrypt', { CiphertextBlob })).not.toThrow();
  });
});

describe('the master key in a file', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'streamfold-kms-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is created once, for its owner only', async () => {
    const file = join(folder, 'data/kms-master-key');
    const first = await masterKeyIn(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await masterKeyIn(file)).toEqual(first);
  });

  it('is refused if it is none: another one would make all personal data unreadable', async () => {
    const file = join(folder, 'kms-master-key');
    writeFileSync(file, 'no key');
    await expect(masterKeyIn(file)).rejects.toMatchObject({
      name: 'UserError',
      message: `${file} is not a master key. Restore it, or delete the folder: without the key, its personal data is unreadable.`,
    });
  });
});
