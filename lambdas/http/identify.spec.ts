import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Authentication } from '../../schema/authentication.ts';
import { systemActor } from '../kernel/index.ts';
import { defaultPrincipal, identifier, operator } from './identify.ts';

const issuer = 'https://issuer.example.com/pool';
const jwt: Extract<Authentication, { kind: 'jwt' }> = {
  kind: 'jwt',
  issuer,
  scopes: 'as-named',
  claims: { subject: 'sub', scopes: ['scope', 'scp'] },
};
const iam: Authentication = { kind: 'iam', scopes: 'all' };
const refused = expect.objectContaining({ code: 'unauthenticated', status: 401 });

const found = (authentication: Authentication, authorizer: Readonly<Record<string, unknown>> | undefined) =>
  identifier(authentication)({ authorizer, fromGateway: true });
const ofToken = (claims: object, others: Partial<typeof jwt> = {}) =>
  found({ ...jwt, ...others }, { jwt: { claims: { iss: issuer, sub: 'w', ...claims }, scopes: null } });
const ofArn = (userArn: unknown) => found(iam, { iam: { userArn, accountId: '111122223333' } });

describe('a token', () => {
  it('names issuer, subject and scopes', () => {
    expect(ofToken({ scope: 'ledger:read ledger:write' })).toEqual({
      tenant: 'default',
      issuer,
      subject: 'w',
      scopes: new Set(['ledger:read', 'ledger:write']),
      actor: `${issuer} w`,
    });
  });

  it.each([
    [{ scope: ' a  b ' }, ['a', 'b']],
    [{ scp: ['a', 7, 'b'] }, ['a', 'b']],
    // API Gateway passes a list on in this form.
    [{ scp: '[a b]' }, ['a', 'b']],
    [{ scope: 'a', scp: 'b' }, ['a']],
    [{ scope: '' }, []],
    [{ scope: { a: true } }, []],
    [{}, []],
  ])('has the scopes of %j', (claims, expected) => {
    expect([...(ofToken(claims).scopes as Set<string>)]).toEqual(expected);
  });

  it('gives the scopes that the stage maps, and no others', () => {
    const scopes = { 'pool/read': ['ledger:read', 'todo:read'], 'pool/pay': ['ledger:write'] } as const;
    expect(ofToken({ scope: 'pool/read ledger:any toString __proto__' }, { scopes }).scopes).toEqual(
      new Set(['ledger:read', 'todo:read']),
    );
  });

  it('gives what every caller has', () => {
    expect(ofToken({ scope: 'ledger:read' }, { everyone: ['ledger:any'] }).scopes).toEqual(
      new Set(['ledger:any', 'ledger:read']),
    );
  });

  it('is read by the names of claims that the stage gives', () => {
    const claims = { subject: 'client_id', scopes: ['roles'], tenant: 'org', defaultTenant: 'main' };
    const token = { client_id: 'app', roles: '[ledger:read]', scope: 'ledger:write' };
    expect(ofToken(token, { claims })).toMatchObject({
      tenant: 'main',
      subject: 'app',
      scopes: new Set(['ledger:read']),
    });
    expect(ofToken({ ...token, org: 'acme' }, { claims }).tenant).toBe('acme');
  });

  // API Gateway passes a null on as the text 'null'.
  it.each([undefined, '', 'null', 'Acme', 'a/b', '-a', 'a'.repeat(64), ['acme'], 7])(
    'is refused with the tenant %j',
    (org) => {
      const claims = { ...jwt.claims, tenant: 'org' };
      expect(() => ofToken({ org }, { claims })).toThrow(refused);
    },
  );

  it.each([
    undefined,
    'null',
    null,
    '',
    7,
    ['w'],
    ' w',
    'w ',
    'a\nb',
    'a\0b',
    '\u202ew',
    '\ud800',
    'a\u2028b',
    'w'.repeat(256),
  ])('is refused with the subject %j, which is not shortened', (sub) => {
    expect(() => ofToken({ sub })).toThrow(refused);
  });

  it.each(['w'.repeat(255), 'auth0|7', 'Zoë Ωmega', 'urn:streamfold:system x', "o'b;--"])(
    'may have the subject %j',
    (sub) => {
      expect(ofToken({ sub }).actor).toBe(`${issuer} ${sub}`);
    },
  );

  it.each([undefined, 'https://issuer.example.com', `${issuer}/`, 'urn:streamfold:system', 7])(
    'is refused if it is of the issuer %j',
    (iss) => {
      expect(() => ofToken({ iss })).toThrow(refused);
    },
  );

  it.each([
    ['nothing', undefined],
    ['no token', {}],
    ['no claims', { jwt: {} }],
    ['claims that are no object', { jwt: { claims: 'sub' } }],
    ['another identity', { iam: { userArn: 'arn:aws:iam::111122223333:user/u' } }],
  ])('is missing in an event with %s: 401', (_what, authorizer) => {
    expect(() => found(jwt, authorizer)).toThrow(refused);
  });
});

describe('an IAM identity', () => {
  const account = '111122223333';

  it.each([
    [`arn:aws:iam::${account}:user/team/jane`, `arn:aws:iam::${account}:user/team/jane`],
    [`arn:aws:iam::${account}:root`, `arn:aws:iam::${account}:root`],
    [`arn:aws:sts::${account}:assumed-role/Ops/jane@x.com`, `arn:aws:sts::${account}:assumed-role/Ops`],
    [`arn:aws-cn:sts::${account}:assumed-role/Ops/i-1`, `arn:aws-cn:sts::${account}:assumed-role/Ops`],
    [`arn:aws:sts::${account}:federated-user/f`, `arn:aws:sts::${account}:federated-user/f`],
  ])('%s is the subject %s of its account', (arn, subject) => {
    expect(ofArn(arn)).toEqual({
      tenant: 'default',
      issuer: account,
      subject,
      scopes: 'all',
      actor: `${account} ${subject}`,
    });
  });

  it.each([
    undefined,
    '',
    'jane',
    `arn:aws:iam::1:user/u`,
    `arn:aws:iam::${account}:user/`,
    `arn:aws:iam::${account}:user/a b`,
    `arn:aws:sts::${account}:assumed-role/Ops`,
    `arn:aws:sts::${account}:assumed-role/Ops/a/b`,
    `arn:aws:iam::${account}:user/${'u'.repeat(700)}`,
    [`arn:aws:iam::${account}:root`],
  ])('is refused with the ARN %j', (arn) => {
    expect(() => ofArn(arn)).toThrow(refused);
  });

  it('has the scopes of the stage', () => {
    const some: Authentication = { kind: 'iam', scopes: ['ledger:read'] };
    const { scopes } = found(some, { iam: { userArn: `arn:aws:iam::${account}:root` } });
    expect(scopes).toEqual(new Set(['ledger:read']));
  });
});

describe('without an authorizer', () => {
  it.each([jwt, iam])('a direct invocation is an operator: $kind', (authentication) => {
    const identify = identifier(authentication);
    expect(identify({ authorizer: undefined, fromGateway: false })).toBe(operator);
  });

  it.each([jwt, iam])('a request of an open route is nobody: $kind', (authentication) => {
    expect(() => found(authentication, undefined)).toThrow(refused);
  });

  it('everybody is the default principal on a stage that asks nobody, whatever an event states', () => {
    for (const authorizer of [undefined, { jwt: { claims: { iss: issuer, sub: 'w' } } }]) {
      expect(found({ kind: 'none' }, authorizer)).toBe(defaultPrincipal);
    }
  });
});

describe('the name of a caller in commits', () => {
  it('is the same for the same caller only', () => {
    const claim = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('a', 'a b', `${issuer} a`));
    const nameOf = (sub: string) => {
      try {
        return ofToken({ sub }).actor;
      } catch {
        return undefined;
      }
    };
    fc.assert(
      fc.property(claim, claim, (left, right) => {
        const names = [left, right].map(nameOf);
        if (names[0] === undefined || left === right) return;
        expect(names[0]).not.toBe(names[1]);
      }),
    );
  });

  it("is never that of one of the system's functions", () => {
    const system = systemActor('metrics-sweeper');
    expect(system).toBe('urn:streamfold:system metrics-sweeper');
    for (const sub of ['metrics-sweeper', system]) expect(ofToken({ sub }).actor).not.toBe(system);
    expect(operator.actor).toBe('urn:streamfold:operator direct-invocation');
  });
});
