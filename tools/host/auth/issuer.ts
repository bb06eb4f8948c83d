import { createPrivateKey, createPublicKey, generateKeyPair, type KeyObject } from 'node:crypto';
import { promisify } from 'node:util';
import { keptFile } from '../kept-file.ts';
import { UserError } from '../user-error.ts';
import { signToken } from './token.ts';

/** Who a token is for. */
export interface TokenRequest {
  readonly subject: string;
  /** Default: none, so the caller is in the default tenant. */
  readonly tenant?: string;
  readonly scopes: readonly string[];
  /** From 1 to {@link tokenMaxMinutes}. */
  readonly minutes: number;
}

/** The longest life of a token. */
export const tokenMaxMinutes = 24 * 60;

/** The names that the tokens of this machine have. The issuer is a name only: nothing answers there. */
export const issuer = 'https://issuer.streamfold.localhost';
export const audience = 'streamfold';

/** The settings of a stage whose callers have tokens of this machine. `owners`: accounts are for their owners only. */
export const authSettings = (owners: boolean) => ({
  accountOwners: owners,
  authorizer: {
    jwt: {
      issuer,
      audience: [audience],
      scopes: 'as-named',
      claims: { tenant: 'tenant', defaultTenant: 'default' },
    },
  },
});

/** The issuer of tokens on this machine. Nothing is fetched over the network: the host has its key. */
export class TokenIssuer {
  readonly publicKey: KeyObject;
  readonly #privateKey: KeyObject;

  constructor(privateKey: KeyObject) {
    this.#privateKey = privateKey;
    this.publicKey = createPublicKey(privateKey);
  }

  /** A token that is valid from `now` on. Throws a {@link UserError} for a life that is out of bounds. */
  issue({ subject, tenant, scopes, minutes }: TokenRequest, now: Date): string {
    if (!Number.isInteger(minutes) || minutes < 1 || minutes > tokenMaxMinutes) {
      throw new UserError(`A token is valid for 1 to ${tokenMaxMinutes} minutes, not ${minutes}.`);
    }
    const iat = Math.floor(now.getTime() / 1_000);
    const claims = {
      iss: issuer,
      aud: audience,
      sub: subject,
      ...(tenant !== undefined && { tenant }),
      scope: scopes.join(' '),
      iat,
      exp: iat + minutes * 60,
    };
    return signToken(claims, this.#privateKey);
  }
}

/**
 * The private key in a file, which only its owner can read. Creates it if there is none.
 * @throws {UserError} for a file of another user and for a link, which may lead to one: that user could issue tokens.
 */
export async function keyIn(file: string): Promise<KeyObject> {
  return readKey(await keptFile(file, async () => pemOf(await newKey())), file);
}

/** A new private key. */
export async function newKey(): Promise<KeyObject> {
  return (await promisify(generateKeyPair)('rsa', { modulusLength: 2048 })).privateKey;
}

/** A key as text. */
export function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The key that a text holds. Throws a {@link UserError} that names its file. */
export function readKey(pem: string, file: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch (cause) {
    throw new UserError(`${file} is not a private key. Delete it, and start the host again.`, { cause });
  }
}
