import { randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { accountId } from '../aws-json.ts';
import type { EncryptionContext, LocalKey, LocalKms } from './local-kms.ts';

type Input = Readonly<Record<string, unknown>>;
type Action = (kms: LocalKms, input: Input) => object;

/** Maximum sizes of KMS, in bytes: of what `Encrypt` takes, of a data key, and of a ciphertext. */
const [plainMaxBytes, dataKeyMaxBytes, blobMaxBytes] = [4_096, 1_024, 6_144];

const keySpecBytes: Readonly<Record<string, number>> = { AES_128: 16, AES_256: 32 };

const algorithm = 'SYMMETRIC_DEFAULT';

/** The actions that this machine has, by their names in KMS. */
export const kmsActions: Readonly<Record<string, Action>> = {
  GenerateDataKey: (kms, input) => {
    const key = keyOf(kms, input);
    const plain = randomBytes(dataKeyBytes(input));
    const blob = kms.encrypt(key, plain, contextOf(input));
    return {
      CiphertextBlob: blob.toString('base64'),
      Plaintext: plain.toString('base64'),
      KeyId: key.arn,
    };
  },
  Encrypt: (kms, input) => {
    const key = keyOf(kms, input);
    const blob = kms.encrypt(key, bytesOf(input, 'Plaintext', plainMaxBytes), contextOf(input));
    return { CiphertextBlob: blob.toString('base64'), KeyId: key.arn, EncryptionAlgorithm: algorithm };
  },
  Decrypt: (kms, input) => {
    const expected = input['KeyId'] === undefined ? undefined : keyOf(kms, input);
    const blob = bytesOf(input, 'CiphertextBlob', blobMaxBytes);
    const { plain, key } = kms.decrypt(blob, contextOf(input), expected);
    return { Plaintext: plain.toString('base64'), KeyId: key.arn, EncryptionAlgorithm: algorithm };
  },
  DescribeKey: (kms, input) => ({ KeyMetadata: metadataOf(keyOf(kms, input)) }),
  DisableKey: (kms, input) => {
    keyOf(kms, input).enabled = false;
    return {};
  },
  EnableKey: (kms, input) => {
    keyOf(kms, input).enabled = true;
    return {};
  },
  ListAliases: (kms) => ({
    Aliases: kms.aliases.map(({ name, key }) => ({
      AliasName: name,
      AliasArn: key.arn.replace(/key\/.*$/, name),
      TargetKeyId: key.id,
    })),
    Truncated: false,
  }),
};

function metadataOf({ id, arn, description, enabled }: LocalKey): object {
  return {
    AWSAccountId: accountId,
    KeyId: id,
    Arn: arn,
    Description: description,
    Enabled: enabled,
    KeyState: enabled ? 'Enabled' : 'Disabled',
    KeyManager: 'CUSTOMER',
    KeySpec: algorithm,
    KeyUsage: 'ENCRYPT_DECRYPT',
    EncryptionAlgorithms: [algorithm],
    Origin: 'AWS_KMS',
    MultiRegion: false,
  };
}

function keyOf(kms: LocalKms, { KeyId }: Input): LocalKey {
  if (typeof KeyId !== 'string' || KeyId === '') throw invalid('KeyId must be an id, an ARN or an alias.');
  return kms.key(KeyId);
}

/** Either `KeySpec` or `NumberOfBytes` says it. */
function dataKeyBytes({ KeySpec, NumberOfBytes }: Input): number {
  if ((KeySpec === undefined) === (NumberOfBytes === undefined))
    throw invalid('Please specify either number of bytes or key spec.');
  const bytes = KeySpec === undefined ? NumberOfBytes : keySpecBytes[String(KeySpec)];
  if (typeof bytes === 'number' && Number.isInteger(bytes) && bytes >= 1 && bytes <= dataKeyMaxBytes)
    return bytes;
  throw invalid(`KeySpec must be AES_128 or AES_256, or NumberOfBytes from 1 to ${dataKeyMaxBytes}.`);
}

function contextOf({ EncryptionContext: context = {} }: Input): EncryptionContext {
  const isMap = typeof context === 'object' && context !== null && !Array.isArray(context);
  if (isMap && Object.values(context).every((value) => typeof value === 'string')) {
    return context as EncryptionContext;
  }
  throw invalid('EncryptionContext must be a map of texts.');
}

function bytesOf(input: Input, name: string, maxBytes: number): Buffer {
  const value = input[name];
  const bytes = typeof value === 'string' ? Buffer.from(value, 'base64') : Buffer.alloc(0);
  if (bytes.length >= 1 && bytes.length <= maxBytes) return bytes;
  throw invalid(`${name} must have 1 to ${maxBytes} bytes.`);
}

function invalid(message: string): AwsError {
  return new AwsError('ValidationException', 400, message);
}
