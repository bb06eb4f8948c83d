import { type GenerateDataKeyCommandInput, InvalidCiphertextException } from '@aws-sdk/client-kms';
import { DataKey, dataKeyBytes } from '../../../lambdas/kernel/privacy/index.ts';
import type { SimulatedService } from '../world/world.ts';

const place = 'key';

interface Input extends Pick<GenerateDataKeyCommandInput, 'KeyId' | 'EncryptionContext'> {
  readonly CiphertextBlob?: Uint8Array;
}

/** KMS with one key. It wraps by AES-256-GCM, bound to the encryption context. It has no randomness: the data key is an HMAC of the context. */
export class SimulatedKms implements SimulatedService {
  readonly #master = new DataKey('master', Buffer.alloc(dataKeyBytes, 'master'));

  execute(operation: string, input: object): object {
    const { EncryptionContext: { subject = '', key = '' } = {}, CiphertextBlob } = input as Input;
    switch (operation) {
      case 'GenerateDataKey':
        return { Plaintext: this.#plain(subject, key), CiphertextBlob: this.#wrapped(subject, key) };
      case 'Decrypt':
        return { Plaintext: this.#unwrapped(subject, key, CiphertextBlob) };
      default:
        throw new Error(`The simulated KMS has no ${operation}.`);
    }
  }

  /** The data key of a subject with this id, whether it still exists or not. For checks. */
  dataKey(subject: string, id: string): DataKey {
    return new DataKey(id, this.#plain(subject, id));
  }

  #plain(subject: string, id: string): Uint8Array {
    return Buffer.from(this.#master.mac(subject, id), 'base64url');
  }

  #wrapped(subject: string, id: string): Uint8Array {
    const text = this.#plain(subject, id).toString();
    const { enc } = this.#master.encrypt(subject, { eventId: id, path: place }, text);
    return Buffer.from(enc, 'base64url');
  }

  #unwrapped(subject: string, id: string, wrapped: Uint8Array | undefined): Uint8Array {
    const own = this.#wrapped(subject, id);
    if (wrapped !== undefined && Buffer.compare(own, wrapped) === 0) return this.#plain(subject, id);
    throw new InvalidCiphertextException({
      message: 'The ciphertext is not of this context.',
      $metadata: {},
    });
  }
}
