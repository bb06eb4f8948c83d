import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { beforeAll, expect, it } from '@jest/globals';
import { describeWithPython, installDeadlineMs, installedPython } from '../support/python.ts';

const file = join(import.meta.dirname, '../../localstack.yml');

interface Service {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly ports: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
}

describeWithPython('localstack.yml', () => {
  let services: Record<'localstack' | 'ministack', Service>;
  beforeAll(async () => {
    const script = 'import json, sys, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))';
    const json = execFileSync(await installedPython(), ['-c', script, file], { encoding: 'utf8' });
    services = JSON.parse(json).services;
  }, installDeadlineMs);

  it('starts LocalStack with the token of the environment, or MiniStack by its profile, on the same port', () => {
    const { localstack, ministack } = services;
    expect(Object.keys(services)).toEqual(['localstack', 'ministack']);
    expect(localstack.profiles).toBeUndefined();
    // biome-ignore lint/suspicious/noTemplateCurlyInString: Compose replaces it.
    expect(localstack.environment['LOCALSTACK_AUTH_TOKEN']).toBe('${LOCALSTACK_AUTH_TOKEN-}');
    expect(ministack.profiles).toEqual(['ministack']);
    expect([localstack, ministack].map(({ ports }) => ports)).toEqual([
      ['127.0.0.1:4566:4566'],
      ['127.0.0.1:4566:4566'],
    ]);
  });

  it('has the MiniStack version of the tests', async () => {
    const script = 'from importlib.metadata import version; print(version("ministack"))';
    const version = execFileSync(await installedPython(), ['-c', script], { encoding: 'utf8' }).trim();
    expect(services.ministack.image).toBe(`ministackorg/ministack:${version}`);
  });
});
