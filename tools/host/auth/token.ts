import { type KeyObject, sign, verify } from 'node:crypto';

/** The claims of a token. Times are in seconds since 1970. */
export type Claims = Readonly<Record<string, unknown>>;

/** API Gateway's JWT authorizers accept RSA only. */
const header = { alg: 'RS256', typ: 'JWT' };
const digest = 'RSA-SHA256';

/** A signed token (RFC 7519). */
export function signToken(claims: Claims, privateKey: KeyObject): string {
  const signed = [header, claims].map((part) => encode(JSON.stringify(part))).join('.');
  return `${signed}.${sign(digest, Buffer.from(signed), privateKey).toString('base64url')}`;
}

/** What an authorizer accepts. */
export interface Expected {
  readonly issuer: string;
  readonly audience: readonly string[];
  readonly publicKey: KeyObject;
}

/**
 * The claims of a valid token; otherwise the reason why it is invalid. `nowS`: the current time in seconds. The checks are those
 * of API Gateway.
 * https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-jwt-authorizer.html
 */
export function verifyToken(token: string, expected: Expected, nowS: number): Claims | string {
  const [head = '', body = '', signature = '', ...more] = token.split('.');
  // The algorithm is the authorizer's choice, not the token's: "none" and HMAC with the public key are known attacks.
  if (more.length > 0 || parse(head)?.['alg'] !== header.alg) return 'the token is not signed by RS256';
  const bytes = Buffer.from(signature, 'base64url');
  // Base64 has several spellings of the same bytes. Only one is accepted.
  if (bytes.toString('base64url') !== signature) return 'the signature is malformed';
  if (!verify(digest, Buffer.from(`${head}.${body}`), expected.publicKey, bytes))
    return 'the signature is wrong';
  const claims = parse(body);
  return claims === undefined ? 'the claims are not an object' : (faultOf(claims, expected, nowS) ?? claims);
}

function faultOf(claims: Claims, { issuer, audience }: Expected, nowS: number): string | undefined {
  const { iss, aud, client_id: clientId, exp, nbf, iat } = claims;
  if (iss !== issuer) return 'the token does not have a valid issuer';
  const named = [aud ?? clientId].flat();
  if (!named.some((name) => typeof name === 'string' && audience.includes(name)))
    return 'the token does not have a valid audience';
  if (typeof exp !== 'number' || exp <= nowS) return 'the token has expired';
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= nowS)) return 'the token is not valid yet';
  if (iat !== undefined && !(typeof iat === 'number' && iat <= nowS))
    return 'the token was issued in the future';
  return undefined;
}

/** The claims as API Gateway passes them on: every value is a text. A list becomes `[a b]`. */
export function claimsAsTexts(claims: Claims): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(claims).map(([name, value]) => [name, asText(value)]));
}

function asText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(asText).join(' ')}]`;
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function encode(text: string): string {
  return Buffer.from(text).toString('base64url');
}

function parse(part: string): Claims | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Claims)
      : undefined;
  } catch {
    return undefined;
  }
}
