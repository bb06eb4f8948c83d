import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { authorize } from './authorizer.ts';
import { audience, authSettings, issuer, TokenIssuer } from './issuer.ts';
import { claimsAsTexts, signToken, verifyToken } from './token.ts';

const now = new Date('2026-11-25T12:00:00.500Z');
const nowS = now.getTime() / 1_000;
const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const tokens = new TokenIssuer(privateKey);
const expected = { issuer, audience: [audience], publicKey };
const sound = { iss: issuer, aud: audience, sub: 'w', exp: nowS + 60 };
const request = { subject: 'w', scopes: ['ledger:read', 'todo:read'], minutes: 5 };
const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token of this machine', () => {
  it('names the caller and what it may do, for a bounded time', () => {
    const token = tokens.issue({ ...request, tenant: 'acme' }, now);
    const iat = Math.floor(nowS);
    expect(verifyToken(token, expected, nowS)).toEqual({
      iss: issuer,
      aud: audience,
      sub: 'w',
      tenant: 'acme',
      scope: 'ledger:read todo:read',
      iat,
      exp: iat + 300,
    });
    expect(verifyToken(token, expected, iat + 299.9)).toBeInstanceOf(Object);
    expect(verifyToken(token, expected, iat + 300)).toBe('the token has expired');
  });

  it.each([0, -1, 1.5, Number.NaN, 24 * 60 + 1])('cannot be valid for %d minutes', (minutes) => {
    expect(() => tokens.issue({ ...request, minutes }, now)).toThrow(
      'A token is valid for 1 to 1440 minutes',
    );
  });

  it('is for a stage with the settings of the host', () => {
    const { authorizer, accountOwners } = authSettings(true);
    expect(authorizer.jwt).toMatchObject({ issuer, audience: [audience] });
    expect(accountOwners).toBe(true);
  });
});

describe('a token is refused', () => {
  it.each([
    ['an expired one', { exp: nowS - 1 }],
    ['one without an end', { exp: undefined }],
    ['one whose end is a text', { exp: String(nowS + 60) }],
    ['one that is not valid yet', { nbf: nowS + 1 }],
    ['one of the future', { iat: nowS + 1 }],
    ['one of another issuer', { iss: `${issuer}/` }],
    ['one for another audience', { aud: 'others' }],
    ['one for others', { aud: ['others'], client_id: audience }],
    ['one for nobody', { aud: undefined }],
  ])('%s', (_what, claims) => {
    expect(verifyToken(signToken({ ...sound, ...claims }, privateKey), expected, nowS)).toEqual(
      expect.any(String),
    );
  });

  it.each([
    ['in a list', { aud: ['others', audience] }],
    ['as client', { aud: undefined, client_id: audience }],
  ])('but not one that names the audience %s', (_what, claims) => {
    expect(verifyToken(signToken({ ...sound, ...claims }, privateKey), expected, nowS)).toBeInstanceOf(
      Object,
    );
  });

  const good = signToken(sound, privateKey);
  const [head = '', body = '', signature = ''] = good.split('.');
  const pem = publicKey.export({ type: 'spki', format: 'pem' });
  const hmacHead = encode({ alg: 'HS256', typ: 'JWT' });
  const otherHead = `${encode({ alg: 'RS512', typ: 'JWT' })}.${body}`;
  const signedOther = sign('RSA-SHA256', Buffer.from(otherHead), privateKey).toString('base64url');
  const hmac = createHmac('sha256', pem).update(`${hmacHead}.${body}`).digest('base64url');

  it.each([
    ['nothing', ''],
    ['text', 'token'],
    ['no signature', `${head}.${body}.`],
    ['the algorithm none', `${encode({ alg: 'none' })}.${body}.`],
    ['another algorithm than its own', `${otherHead}.${signedOther}`],
    ['an HMAC with the public key', `${hmacHead}.${body}.${hmac}`],
    ['the key of another', signToken(sound, other.privateKey)],
    ['other claims', `${head}.${encode({ ...sound, sub: 'x' })}.${signature}`],
    ['another spelling of the signature', `${good}=`],
    ['a fourth part', `${good}.x`],
    ['claims that are no object', signToken([] as never, privateKey)],
  ])('with %s', (_what, token) => {
    expect(verifyToken(token, expected, nowS)).toEqual(expect.any(String));
  });
});

describe('the authorizer', () => {
  const authorizer = { issuer, audience: [audience], publicKey };
  const token = signToken({ ...sound, scope: 'a b', groups: ['x', 'y'] }, privateKey);

  it.each([`Bearer ${token}`, `bearer ${token}`, token])('passes the claims on as texts', (header) => {
    expect(authorize(authorizer, header, now)).toEqual({
      authorizer: {
        jwt: { claims: { ...sound, exp: String(sound.exp), scope: 'a b', groups: '[x y]' }, scopes: null },
      },
    });
  });

  it.each([undefined, '', 'Bearer ', 'Basic dTpw', `Bearer x${token}`])('refuses %j', (header) => {
    expect(authorize(authorizer, header, now)).toEqual({ refusal: expect.stringMatching(/^Bearer/) });
  });

  it('refuses every token of an issuer that it does not know', () => {
    expect(authorize({ ...authorizer, publicKey: undefined }, token, now)).toHaveProperty('refusal');
  });

  it('has a text for every claim', () => {
    expect(claimsAsTexts({ a: 1, b: true, c: { d: 1 }, e: [], f: null })).toEqual({
      a: '1',
      b: 'true',
      c: '{"d":1}',
      e: '[]',
      f: 'null',
    });
  });
});
