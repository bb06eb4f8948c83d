import { beforeAll, describe, expect, it } from '@jest/globals';
import { emulatorAccount } from '../../lib/platform/settings.ts';
import {
  acknowledgments,
  covers,
  type NagResult,
  practicePacks,
  prefixes,
  resourcePaths,
  runNag,
  standardPacks,
} from '../support/nag.ts';
import { stackOf } from '../support/synthesized.ts';

/** Settings that add resources or permissions. */
const allOptions = {
  dataEvents: 'on',
  cors: { origins: ['https://app.example.com'] },
  environment: { account: '123456789012', region: 'eu-central-1' },
  analyzer: { bedrockModelId: 'eu.amazon.nova-lite-v1:0' },
  authorizer: {
    jwt: {
      issuer: 'https://issuer.example.com/pool',
      audience: ['app'],
      scopes: { 'streamfold/read': ['ledger:read'] },
    },
  },
};

describe.each([
  { stage: 'prod', settings: undefined },
  { stage: 'dev', settings: undefined },
  { stage: 'local', settings: undefined },
  { stage: 'dev', settings: { httpApi: 'off', dashboard: 'off' } },
  { stage: 'dev', settings: allOptions },
  {
    stage: 'local',
    settings: { ...allOptions, environment: { account: emulatorAccount, region: 'eu-central-1' } },
  },
  {
    stage: 'prod',
    settings: { ...allOptions, alarms: 'silent', analyzer: { bedrockModelId: 'amazon.nova-lite-v1:0' } },
  },
])('cdk-nag on stage $stage with $settings', ({ stage, settings }) => {
  const packs = stage === 'prod' ? [...practicePacks, ...standardPacks] : practicePacks;
  let result: NagResult;
  let stack: ReturnType<typeof stackOf>;
  beforeAll(() => {
    stack = stackOf(stage, settings);
    result = runNag(stack, packs);
  });

  it(`checks every resource with ${packs.length} packs`, () => {
    const all = resourcePaths(stack);
    expect(all.length).toBeGreaterThan(80);
    expect(result.checked).toEqual(Object.fromEntries(packs.map(({ name }) => [name, all])));
  });

  it('has only accepted findings', () => {
    expect(result.reported).toEqual([]);
  });

  it('accepts only findings that exist, each with a reason', () => {
    const checked = packs.map(({ name }) => String(prefixes[name]));
    const accepted = acknowledgments(stack).filter(({ rule }) =>
      checked.some((prefix) => rule.startsWith(prefix)),
    );
    const unfounded = accepted.filter((each) => !result.findings.some((finding) => covers(each, finding)));
    expect(unfounded).toEqual([]);
    for (const { reason } of accepted) expect(reason).toMatch(/^[A-Z].{30,}\.$/);
  });
});
