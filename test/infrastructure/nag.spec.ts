import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
  tracing: {
    otlp: {
      to: 'https://otlp.example.com/v1/traces',
      header: {
        name: 'authorization',
        secretArn: 'arn:aws:secretsmanager:eu-central-1:123456789012:secret:otlp-key-AbC123',
      },
      ratio: 0.5,
    },
  },
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
  { stage: 'dev', settings: { httpApi: 'off', dashboard: 'off', tracing: 'xray' } },
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

/** A row of the table in docs/operations.md: findings of HIPAA, NIST and PCI, and a dash for a rule that a pack does not have. */
interface CountedRule {
  readonly rule: string;
  readonly counts: string;
}

describe('the packs for standards', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/operations.md'), 'utf8');
  const rows = [
    ...page.matchAll(
      /^\| \*{0,2}(\w+)\*{0,2} \| \*{0,2}([\d, -]+?)\*{0,2} \| \*{0,2}([\d, -]+?)\*{0,2} \|/gm,
    ),
  ];
  const documented = (column: 2 | 3): CountedRule[] =>
    rows.map((row) => ({ rule: String(row[1]), counts: String(row[column]) }));

  it('find on prod what docs/operations.md says', () => {
    const { findings } = runNag(stackOf('prod'), standardPacks);
    const counted = standardPacks.map(({ name }) => {
      const prefix = String(prefixes[name]);
      return findings
        .filter(({ rule }) => rule.startsWith(prefix))
        .map(({ rule }) => rule.slice(prefix.length));
    });
    const count = (rule: string, has: (index: number) => boolean) =>
      counted
        .map((rules, index) => (has(index) ? String(rules.filter((each) => each === rule).length) : '-'))
        .join(', ');
    const found = documented(3).map(({ rule, counts }) => {
      const shown = counts.split(', ');
      return rule === 'all'
        ? { rule, counts: counted.map(({ length }) => length).join(', ') }
        : { rule, counts: count(rule, (index) => shown[index] !== '-') };
    });
    expect(documented(3)).toEqual(found);
    const known = documented(3).map(({ rule }) => rule);
    expect(counted.flat().filter((rule) => !known.includes(rule))).toEqual([]);
  });

  it.each([2, 3] as const)('have sums that fit their rows (column %i)', (column) => {
    const sums = [0, 0, 0];
    for (const { rule, counts } of documented(column)) {
      if (rule === 'all') continue;
      for (const [index, one] of counts.split(', ').entries())
        sums[index] = (sums[index] ?? 0) + (Number(one) || 0);
    }
    expect(documented(column).at(-1)).toEqual({ rule: 'all', counts: sums.join(', ') });
  });
});
