import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { isDomain, type SourceTree, violations } from './support/import-rules.ts';

const root = join(import.meta.dirname, '..');
const folders = ['bin', 'build', 'emulator', 'lambdas', 'lib', 'local', 'schema', 'test'];

function readTree(): SourceTree {
  const paths = globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root },
  );
  return Object.fromEntries(
    paths.map((path) => [path.replaceAll(sep, '/'), readFileSync(join(root, path), 'utf8')]),
  );
}

describe('the source tree', () => {
  const tree = readTree();

  it('is seen by this check', () => {
    const paths = Object.keys(tree);
    expect(paths).toEqual(
      expect.arrayContaining([
        'bin/app.ts',
        'lib/event-log.ts',
        'lambdas/functions/api.ts',
        'schema/tables.ts',
      ]),
    );
    expect(paths.filter(isDomain)).toEqual(
      expect.arrayContaining(['lambdas/eventsourcing/decider.ts', 'lambdas/ledger/events.ts']),
    );
  });

  it('imports in the directions that the layout allows', () => {
    expect(violations(tree)).toEqual([]);
  });
});

describe('the check', () => {
  it.each<[string, SourceTree, string[]]>([
    [
      'infrastructure that imports a function',
      { 'lib/api.ts': `import { handler } from '../lambdas/functions/api.ts';` },
      ['lib/api.ts imports lambdas/functions/api.ts: lib -> functions'],
    ],
    [
      'a function that imports infrastructure',
      { 'lambdas/functions/api.ts': `import { stages } from '../../lib/stages.ts';` },
      ['lambdas/functions/api.ts imports lib/stages.ts: functions -> lib'],
    ],
    [
      'the kernel importing a context, were it but a type',
      { 'lambdas/eventsourcing/hydrate.ts': `import type { Opened } from '../ledger/events.ts';` },
      ['lambdas/eventsourcing/hydrate.ts imports lambdas/ledger/events.ts: eventsourcing -> context'],
    ],
    [
      'an export from elsewhere',
      { 'lambdas/http/route.ts': `export * from '../messaging/publish.ts';` },
      ['lambdas/http/route.ts imports lambdas/messaging/publish.ts: http -> messaging'],
    ],
    [
      'an import at run time',
      { 'lambdas/messaging/publish.ts': `export const late = () => import('../http/route.ts');` },
      ['lambdas/messaging/publish.ts imports lambdas/http/route.ts: messaging -> http'],
    ],
    [
      'a context that imports another',
      { 'lambdas/ledger/routes.ts': `import { Created } from '../metrics/events.ts';` },
      ['lambdas/ledger/routes.ts imports lambdas/metrics/events.ts: contexts know nothing of each other'],
    ],
    [
      'production code that imports a fixture',
      { 'lambdas/eventsourcing/hydrate.ts': `import { counter } from './counter.fixture.ts';` },
      [
        'lambdas/eventsourcing/hydrate.ts imports lambdas/eventsourcing/counter.fixture.ts, which is for tests',
      ],
    ],
    [
      'a read of the environment below the functions',
      { 'lambdas/http/problem.ts': `const stage = process.env['STAGE'];` },
      ['lambdas/http/problem.ts uses process.env: only lambdas/functions reads the environment'],
    ],
    [
      'the environment taken apart',
      { 'lambdas/http/problem.ts': `const { env } = process;` },
      ['lambdas/http/problem.ts uses process (whole): only lambdas/functions reads the environment'],
    ],
    [
      'a clock, chance and AWS in the domain',
      {
        'lambdas/ledger/account.ts': `import type { AttributeValue } from '@aws-sdk/client-dynamodb';
          export const now = [Date.now(), new Date(), Math.random(), crypto.randomUUID()];`,
      },
      [
        'lambdas/ledger/account.ts reaches Date.now in lambdas/ledger/account.ts',
        'lambdas/ledger/account.ts reaches Math.random in lambdas/ledger/account.ts',
        'lambdas/ledger/account.ts reaches crypto.randomUUID in lambdas/ledger/account.ts',
        'lambdas/ledger/account.ts reaches new Date() in lambdas/ledger/account.ts',
        'lambdas/ledger/account.ts reaches @aws-sdk/client-dynamodb in lambdas/ledger/account.ts',
      ],
    ],
    [
      'an adapter that the domain imports',
      {
        'lambdas/ledger/account.ts': `import { statements } from './statements/s3-statements.ts';`,
        'lambdas/ledger/statements/s3-statements.ts': `import { S3Client } from '@aws-sdk/client-s3';`,
      },
      ['lambdas/ledger/account.ts reaches @aws-sdk/client-s3 in lambdas/ledger/statements/s3-statements.ts'],
    ],
    [
      'a clock behind an import of the domain',
      {
        'lambdas/ledger/account.ts': `import { later } from '../eventsourcing/time.ts';`,
        'lambdas/eventsourcing/time.ts': `import { setTimeout } from 'node:timers/promises'; export const later = setTimeout;`,
      },
      ['lambdas/ledger/account.ts reaches node:timers/promises in lambdas/eventsourcing/time.ts'],
    ],
  ])('finds %s', (_what, tree, found) => {
    expect(violations(tree)).toEqual(found);
  });

  it('lets pass what is allowed', () => {
    const tree: SourceTree = {
      'lambdas/ledger/statements/s3-statements.ts': `import { S3Client } from '@aws-sdk/client-s3'; crypto.randomUUID();`,
      'lambdas/functions/api.ts': `import { routes } from '../ledger/routes.ts'; const stage = process.env['STAGE'];`,
      'lambdas/ledger/routes.ts': `import { decide } from './account.ts'; import { defineRoute } from '../http/route.ts'; Date.now();`,
      'lambdas/ledger/account.ts': `import { z } from 'zod'; // Date.now() in words
        import type { Commit } from '../eventsourcing/commit.ts'; export const day = (at: string) => new Date(at);`,
      'lambdas/eventsourcing/commit.ts': `import { createHash } from 'node:crypto';`,
      'lambdas/ledger/account.spec.ts': `import { startHost } from '../../local/host.ts'; process.env['X'];`,
      'lib/event-log.ts': `import { eventLogTable } from '../schema/tables.ts';`,
    };
    expect(violations(tree)).toEqual([]);
  });
});
