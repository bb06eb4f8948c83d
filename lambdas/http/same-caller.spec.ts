import { expect, it } from '@jest/globals';
import type { Principal } from './messages.ts';
import { isActor } from './same-caller.ts';

const account = '111122223333';
const role = `arn:aws:sts::${account}:assumed-role/Ops`;
const user = `arn:aws:iam::${account}:user/jane`;
const principal = (issuer: string, subject: string): Principal => ({
  tenant: 'default',
  issuer,
  subject,
  scopes: new Set(),
  actor: `${issuer} ${subject}`,
});
const jane = principal('https://i.example.com', 'jane');
const long = 'j'.repeat(255);

it.each([
  [jane, 'https://i.example.com jane'],
  [jane, 'jane'],
  [principal('https://i.example.com', long), long],
  [principal(account, user), user],
  [principal(account, role), `${account} ${role}`],
  [principal(account, role), `${role}/some-session`],
])('%j is the actor %j', (who, actor) => {
  expect(isActor(who, actor)).toBe(true);
});

it.each([
  [jane, undefined],
  [jane, ''],
  [jane, 'janet'],
  [jane, 'https://other.example.com jane'],
  [jane, 'urn:streamfold:system jane'],
  [principal('https://i.example.com', user), user],
  [principal('https://i.example.com', role), `${role}/s`],
  [principal(account, role), role],
  [principal(account, role), `${role}2/s`],
  [principal(account, user), `${user}/s`],
  // An earlier version cut names to 256 characters.
  [principal('https://i.example.com', `${long}j`), `${long}j`],
])('%j is not the actor %j', (who, actor) => {
  expect(isActor(who, actor)).toBe(false);
});

it('a principal without a name is no actor', () => {
  const { actor: _, ...nameless } = jane;
  expect(isActor(nameless, undefined)).toBe(false);
  expect(isActor(nameless, 'jane')).toBe(false);
});
