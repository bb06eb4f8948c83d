import { ForeignCiphertextError, placeOf } from '../ciphertext.ts';
import { DataKey, dataKeyBytes } from '../privacy/index.ts';
import type { KeyWrapper } from '../subject-keys.ts';

/**
 * A key service in memory, for specs and simulations. It wraps with AES-256-GCM, and binds the name and the id. It has no
 * randomness: the data key is an HMAC of the name and the id.
 */
export class MemoryKeyWrapper implements KeyWrapper {
  readonly #master: DataKey;

  /** `masterKey`: 32 bytes. Default: the same for every instance. */
  constructor(masterKey: Uint8Array = Buffer.alloc(dataKeyBytes, 'master')) {
    this.#master = new DataKey('master', masterKey);
  }

  async generate(name: string, id: string) {
    const key = this.#master.mac(name, id);
    const { enc } = this.#master.encrypt(name, { eventId: id, path: 'key' }, key);
    return { plain: Buffer.from(key, 'base64url'), wrapped: Buffer.from(enc, 'base64url') };
  }

  async unwrap(name: string, id: string, wrapped: Uint8Array): Promise<Uint8Array> {
    const envelope = { enc: Buffer.from(wrapped).toString('base64url'), key: 'master', v: 1 as const };
    if (placeOf(envelope)?.eventId !== id)
      throw new ForeignCiphertextError('The wrapped key has another id.');
    return Buffer.from(this.#master.decrypt(name, envelope) as string, 'base64url');
  }
}
