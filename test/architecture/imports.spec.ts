import { globSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { importCircles } from './import-circles.ts';
import { mustBePure, type SourceTree, violations } from './import-rules.ts';

const root = join(import.meta.dirname, '../..');
const folders = ['bench', 'bin', 'lambdas', 'lib', 'schema', 'test', 'tools'];

function readTree(): SourceTree {
  const paths = globSync(
    folders.map((folder) => `${folder}/**/*.ts`),
    { cwd: root, exclude: ['**/node_modules/**'] },
  );
  return Object.fromEntries(
    paths.map((path) => [path.replaceAll(sep, '/'), readFileSync(join(root, path), 'utf8')]),
  );
}

describe('the source tree', () => {
  const tree = readTree();

  it('is read by this check', () => {
    const paths = Object.keys(tree);
    expect(paths).toEqual(
      expect.arrayContaining([
        'bin/app.ts',
        'lib/command-side/event-log.ts',
        'lambdas/functions/api.ts',
        'schema/tables.ts',
      ]),
    );
    expect(paths.filter(mustBePure)).toEqual(
      expect.arrayContaining(['lambdas/kernel/projector.ts', 'lambdas/contexts/ledger/domain/events.ts']),
    );
  });

  it('imports in the directions that the layout allows', () => {
    expect(violations(tree)).toEqual([]);
  });

  it('has no circle of imports', () => {
    expect(importCircles(tree)).toEqual([]);
  });
});

describe('the search for circles', () => {
  it('finds circles of any length, of types only too, once each', () => {
    const tree: SourceTree = {
      'lib/b.ts': `import { c } from './deep/c.ts';`,
      'lib/deep/c.ts': `export type { A } from '../a.ts';`,
      'lib/a.ts': `import type { B } from './b.ts'; import { posix } from 'node:path';`,
      'lib/outside.ts': `import { a } from './a.ts';`,
      'lib/self.ts': `export const late = () => import('./self.ts');`,
      'tools/x.ts': `import { y } from './y.ts'; import { b } from '../lib/b.ts';`,
      'tools/y.ts': `type X = import('./x.ts').X;`,
    };
    expect(importCircles(tree)).toEqual([
      'lib/a.ts -> lib/b.ts -> lib/deep/c.ts -> lib/a.ts',
      'lib/self.ts -> lib/self.ts',
      'tools/x.ts -> tools/y.ts -> tools/x.ts',
    ]);
  });

  it('finds no circle when two files import the same file', () => {
    const tree: SourceTree = {
      'lib/a.ts': `import './b.ts'; import './c.ts';`,
      'lib/b.ts': `import './d.ts';`,
      'lib/c.ts': `import './d.ts';`,
      'lib/d.ts': `import './gone.ts';`,
    };
    expect(importCircles(tree)).toEqual([]);
  });
});

describe('the check', () => {
  it.each<[string, SourceTree, string[]]>([
    [
      'infrastructure that imports a function',
      { 'lib/command-side/api.ts': `import { handler } from '../../lambdas/functions/api.ts';` },
      ['lib/command-side/api.ts imports lambdas/functions/api.ts: lib -> functions'],
    ],
    [
      'a function that imports infrastructure',
      { 'lambdas/functions/api.ts': `import { stages } from '../../lib/platform/stages.ts';` },
      ['lambdas/functions/api.ts imports lib/platform/stages.ts: functions -> lib'],
    ],
    [
      'a type of a context in the kernel',
      { 'lambdas/kernel/hydrate.ts': `import type { Opened } from '../contexts/ledger/domain/events.ts';` },
      ['lambdas/kernel/hydrate.ts imports lambdas/contexts/ledger/domain/events.ts: kernel -> contexts'],
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
      {
        'lambdas/contexts/ledger/api/routes.ts': `import { Created } from '../../metrics/domain/events.ts';`,
      },
      [
        'lambdas/contexts/ledger/api/routes.ts imports lambdas/contexts/metrics/domain/events.ts: a context must not import another',
      ],
    ],
    [
      'an import of a file inside the kernel',
      { 'lambdas/http/errors.ts': `import { EventSourcingError } from '../kernel/errors.ts';` },
      ['lambdas/http/errors.ts imports lambdas/kernel/errors.ts: import the kernel by its index.ts'],
    ],
    [
      'production code that imports a fixture',
      { 'lambdas/kernel/hydrate.ts': `import { counter } from './testing/counter.fixture.ts';` },
      ['lambdas/kernel/hydrate.ts imports lambdas/kernel/testing/counter.fixture.ts, which is for tests'],
    ],
    [
      'a read of the environment below the functions',
      { 'lambdas/http/problem.ts': `const stage = process.env['STAGE'];` },
      ['lambdas/http/problem.ts uses process.env: only lambdas/functions reads the environment'],
    ],
    [
      'a read of the environment by destructuring',
      { 'lambdas/http/problem.ts': `const { env } = process;` },
      ['lambdas/http/problem.ts uses process (whole): only lambdas/functions reads the environment'],
    ],
    [
      'a clock, randomness and AWS in the domain',
      {
        'lambdas/contexts/ledger/domain/account.ts': `import type { AttributeValue } from '@aws-sdk/client-dynamodb';
          export const now = [Date.now(), new Date(), Math.random(), crypto.randomUUID()];`,
      },
      [
        'lambdas/contexts/ledger/domain/account.ts reaches Date.now in lambdas/contexts/ledger/domain/account.ts',
        'lambdas/contexts/ledger/domain/account.ts reaches Math.random in lambdas/contexts/ledger/domain/account.ts',
        'lambdas/contexts/ledger/domain/account.ts reaches crypto.randomUUID in lambdas/contexts/ledger/domain/account.ts',
        'lambdas/contexts/ledger/domain/account.ts reaches new Date() in lambdas/contexts/ledger/domain/account.ts',
        'lambdas/contexts/ledger/domain/account.ts reaches @aws-sdk/client-dynamodb in lambdas/contexts/ledger/domain/account.ts',
      ],
    ],
    [
      'an adapter that the domain imports',
      {
        'lambdas/contexts/ledger/domain/account.ts': `import { statements } from '../statements/s3-statements.ts';`,
        'lambdas/contexts/ledger/statements/s3-statements.ts': `import { S3Client } from '@aws-sdk/client-s3';`,
      },
      [
        'lambdas/contexts/ledger/domain/account.ts reaches @aws-sdk/client-s3 in lambdas/contexts/ledger/statements/s3-statements.ts',
      ],
    ],
    [
      'a clock in a file that the domain imports',
      {
        'lambdas/contexts/ledger/domain/account.ts': `import { later } from '../../../kernel/index.ts';`,
        'lambdas/kernel/index.ts': `import { setTimeout } from 'node:timers/promises'; export const later = setTimeout;`,
      },
      [
        'lambdas/contexts/ledger/domain/account.ts reaches node:timers/promises in lambdas/kernel/index.ts',
        'lambdas/kernel/index.ts imports node:timers/promises: kernel/core must not depend on it',
        'lambdas/kernel/index.ts reaches node:timers/promises in lambdas/kernel/index.ts',
      ],
    ],
    [
      'random ids from the package that also hashes',
      {
        'lambdas/contexts/ledger/domain/account.ts': `import { createHash, randomUUID as id } from 'node:crypto';`,
        'lambdas/contexts/ledger/domain/events.ts': `import * as crypto from 'node:crypto';`,
      },
      [
        'lambdas/contexts/ledger/domain/account.ts reaches node:crypto in lambdas/contexts/ledger/domain/account.ts',
        'lambdas/contexts/ledger/domain/events.ts reaches node:crypto in lambdas/contexts/ledger/domain/events.ts',
      ],
    ],
    [
      'an adapter that the core of the kernel imports',
      { 'lambdas/kernel/projector.ts': `import type { Item } from './dynamodb/index.ts';` },
      [
        'lambdas/kernel/projector.ts imports lambdas/kernel/dynamodb/index.ts: kernel/core -> kernel/dynamodb',
      ],
    ],
    [
      'table names and AWS code in the kernel',
      {
        'lambdas/kernel/dynamodb/lists.ts': `import { listIndex } from '../../../schema/tables.ts';`,
        'lambdas/kernel/lambda/batch.ts': `import { Context } from 'aws-lambda';`,
      },
      [
        'lambdas/kernel/dynamodb/lists.ts imports schema/tables.ts: kernel -> schema',
        'lambdas/kernel/lambda/batch.ts imports aws-lambda: kernel/lambda must not depend on it',
      ],
    ],
  ])('finds %s', (_what, tree, found) => {
    expect(violations(tree)).toEqual(found);
  });

  it('accepts allowed imports', () => {
    const tree: SourceTree = {
      'lambdas/contexts/ledger/statements/s3-statements.ts': `import { S3Client } from '@aws-sdk/client-s3'; crypto.randomUUID();`,
      'lambdas/functions/api.ts': `import { routes } from '../contexts/ledger/api/routes.ts'; const stage = process.env['STAGE'];`,
      'lambdas/contexts/ledger/api/routes.ts': `import { decide } from '../domain/account.ts'; import { defineRoute } from '../../../http/route.ts'; Date.now();`,
      'lambdas/contexts/ledger/domain/account.ts': `import { z } from 'zod'; // Date.now() in words
        import { type Commit, streamName } from '../../../kernel/index.ts'; export const day = (at: string) => new Date(at);`,
      'lambdas/kernel/index.ts': `import { createHash } from 'node:crypto'; import type * as z from 'zod';`,
      'lambdas/kernel/lambda/batch.ts': `import type { Context } from 'aws-lambda'; import { fromItem } from '../dynamodb/index.ts';`,
      'lambdas/contexts/ledger/domain/account.spec.ts': `import { startHost } from '../../../../tools/host/host.ts'; process.env['X'];`,
      'lib/command-side/event-log.ts': `import { eventLogTable } from '../../schema/tables.ts';`,
    };
    expect(violations(tree)).toEqual([]);
  });
});
