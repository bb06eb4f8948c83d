import type { KMSClient } from '@aws-sdk/client-kms';
import { ForeignCiphertextError, type KeyWrapper } from '../kernel/index.ts';

/** The client and its commands. */
type Kms = Pick<typeof import('@aws-sdk/client-kms'), 'DecryptCommand' | 'GenerateDataKeyCommand'> & {
  readonly client: Pick<KMSClient, 'send'>;
};

/** What the wrapper needs. */
export interface KmsKeyWrapperOptions {
  /** Loads the client. It is called for each call, so it must return the same client. */
  readonly load: () => Promise<Kms>;
  /** The ARN of the key that wraps. Only this key is accepted. */
  readonly keyArn: string;
}

/**
 * Names of KMS's errors about a key that a person has disabled, or is deleting. https://docs.aws.amazon.com/kms/latest/developerguide/key-state.html
 * `isOutage` knows them by the names that other services give them: the first has the name of those, the second is KMS's own.
 */
const unusableKey: Readonly<Record<string, string>> = {
  DisabledException: 'KMSDisabledException',
  KMSInvalidStateException: 'KMSInvalidStateException',
  NotFoundException: 'KMSNotFoundException',
};

/** Names of KMS's errors about a wrapped key that this key has not wrapped for this name and id. */
const foreign = new Set(['InvalidCiphertextException', 'IncorrectKeyException']);

/**
 * The key service of AWS. The name and the id are the encryption context, which CloudTrail shows. Needs `kms:GenerateDataKey` and
 * `kms:Decrypt` on the key.
 *
 * Throws `ForeignCiphertextError` for a wrapped key of another name, id or key. An outage of KMS, and a missing permission, are what the
 * SDK throws. A key that a person must enable again is an outage that does not pass by itself: callers of the API get 500.
 */
export class KmsKeyWrapper implements KeyWrapper {
  readonly #options: KmsKeyWrapperOptions;

  constructor(options: KmsKeyWrapperOptions) {
    this.#options = options;
  }

  async generate(name: string, id: string) {
    const { client, GenerateDataKeyCommand } = await this.#options.load();
    const { Plaintext, CiphertextBlob } = await this.#named(
      client.send(new GenerateDataKeyCommand({ ...this.#key(name, id), KeySpec: 'AES_256' })),
      name,
    );
    return { plain: required(Plaintext), wrapped: required(CiphertextBlob) };
  }

  async unwrap(name: string, id: string, wrapped: Uint8Array): Promise<Uint8Array> {
    const { client, DecryptCommand } = await this.#options.load();
    const { Plaintext } = await this.#named(
      client.send(new DecryptCommand({ ...this.#key(name, id), CiphertextBlob: wrapped })),
      name,
    );
    return required(Plaintext);
  }

  #key(name: string, id: string) {
    return { KeyId: this.#options.keyArn, EncryptionContext: { subject: name, key: id } };
  }

  /** The answer of KMS, with errors that say what is wrong. */
  async #named<Answer>(call: Promise<Answer>, name: string): Promise<Answer> {
    try {
      return await call;
    } catch (cause) {
      const error = cause instanceof Error ? cause.name : '';
      if (foreign.has(error))
        throw new ForeignCiphertextError(`The stored key of ${name} was changed, or is of another subject.`);
      const code = Object.hasOwn(unusableKey, error) ? unusableKey[error] : undefined;
      if (code === undefined) throw cause;
      const message = `The key ${this.#options.keyArn} cannot be used (${error}): enable it, or cancel its deletion.`;
      throw Object.assign(new Error(message, { cause }), { code });
    }
  }
}

function required(bytes: Uint8Array | undefined): Uint8Array {
  if (bytes !== undefined) return bytes;
  throw new Error('The answer of KMS has no key.');
}
