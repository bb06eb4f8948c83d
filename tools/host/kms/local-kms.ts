import { createCipheriv, createDecipheriv, createHash, hkdfSync, randomBytes } from 'node:crypto';
import { AwsError } from '../aws-error.ts';
import { accountId, region } from '../aws-json.ts';

const cipher = 'aes-256-gcm';
const [idBytes, ivBytes, tagBytes] = [16, 12, 16];

/** Names and values that a ciphertext is bound to. */
export type EncryptionContext = Readonly<Record<string, string>>;

/** A key that encrypts. It exists as long as the template has it. */
export interface LocalKey {
  readonly id: string;
  readonly arn: string;
  readonly description: string;
  enabled: boolean;
}

/** The length of the key from which the keys of KMS are derived, in bytes. */
export const masterKeyBytes = 32;

/**
 * The keys of KMS on this machine. Encrypts with AES-256-GCM. Errors have the names that KMS gives them:
 * https://docs.aws.amazon.com/kms/latest/APIReference/API_Decrypt.html#API_Decrypt_Errors
 */
export class LocalKms {
  readonly #masterKey: Uint8Array;
  readonly #keys = new Map<string, LocalKey>();
  /** ARNs of keys by the names of aliases, which begin with `alias/`. */
  readonly #aliases = new Map<string, string>();

  /** `masterKey`: {@link masterKeyBytes} bytes. What it has encrypted is lost without it. */
  constructor(masterKey: Uint8Array) {
    this.#masterKey = masterKey;
  }

  /** The key of a resource: the same on every start. */
  createKey(physicalName: string, description: string): LocalKey {
    const hex = createHash('sha256').update(physicalName).digest('hex');
    const id = hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5');
    const key = { id, arn: `arn:aws:kms:${region}:${accountId}:key/${id}`, description, enabled: true };
    this.#keys.set(id, key);
    return key;
  }

  createAlias(name: string, keyId: string): void {
    this.#aliases.set(name, this.key(keyId).arn);
  }

  get aliases(): readonly { readonly name: string; readonly key: LocalKey }[] {
    return [...this.#aliases].map(([name, arn]) => ({ name, key: this.key(arn) }));
  }

  /** The key with an id, an ARN, or an alias. Throws `NotFoundException`. */
  key(reference: string): LocalKey {
    const name = reference.replace(/^arn:aws:kms:[^:]*:[^:]*:/, '');
    const found = this.#keys.get(this.#aliases.has(name) ? idOfArn(this.#aliases.get(name)) : idOfArn(name));
    if (found !== undefined) return found;
    const what = name.startsWith('alias/') ? `Alias ${reference} is not found.` : undefined;
    throw new AwsError('NotFoundException', 400, what ?? `Key '${reference}' does not exist`);
  }

  /** Throws `DisabledException`. */
  encrypt(key: LocalKey, plain: Uint8Array, context: EncryptionContext): Buffer {
    const iv = randomBytes(ivBytes);
    const encrypting = createCipheriv(cipher, this.#secretOf(key), iv).setAAD(associatedData(context));
    const ciphertext = Buffer.concat([encrypting.update(plain), encrypting.final()]);
    return Buffer.concat([Buffer.from(hexOf(key.id), 'hex'), iv, encrypting.getAuthTag(), ciphertext]);
  }

  /**
   * What a ciphertext holds, and the key that encrypted it. `expected`: only this key is accepted. Throws `InvalidCiphertextException`,
   * `IncorrectKeyException` and `DisabledException`.
   */
  decrypt(blob: Buffer, context: EncryptionContext, expected?: LocalKey): { plain: Buffer; key: LocalKey } {
    const id = blob.subarray(0, idBytes).toString('hex');
    const key = [...this.#keys.values()].find((one) => hexOf(one.id) === id);
    if (key === undefined || blob.length < idBytes + ivBytes + tagBytes) throw invalidCiphertext();
    if (expected !== undefined && expected !== key) {
      const message = 'The key ID in the request does not identify a CMK that can perform this operation.';
      throw new AwsError('IncorrectKeyException', 400, message);
    }
    const secret = this.#secretOf(key);
    const tagAt = idBytes + ivBytes;
    const decrypting = createDecipheriv(cipher, secret, blob.subarray(idBytes, tagAt), {
      authTagLength: tagBytes,
    });
    decrypting.setAAD(associatedData(context)).setAuthTag(blob.subarray(tagAt, tagAt + tagBytes));
    try {
      const plain = Buffer.concat([decrypting.update(blob.subarray(tagAt + tagBytes)), decrypting.final()]);
      return { plain, key };
    } catch {
      throw invalidCiphertext();
    }
  }

  #secretOf({ id, arn, enabled }: LocalKey): Buffer {
    if (!enabled) throw new AwsError('DisabledException', 400, `${arn} is disabled.`);
    return Buffer.from(hkdfSync('sha256', this.#masterKey, '', `kms ${id}`, masterKeyBytes));
  }
}

/** The order of names does not matter: KMS compares them as a set. */
function associatedData(context: EncryptionContext): Buffer {
  return Buffer.from(JSON.stringify(Object.entries(context).sort(([a], [b]) => (a < b ? -1 : 1))));
}

function invalidCiphertext(): AwsError {
  const message = 'The ciphertext was changed, or is of another encryption context.';
  return new AwsError('InvalidCiphertextException', 400, message);
}

function idOfArn(reference: string | undefined): string {
  return reference?.split('key/').at(-1) ?? '';
}

function hexOf(keyId: string): string {
  return keyId.replaceAll('-', '');
}
