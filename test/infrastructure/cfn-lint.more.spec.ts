import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, expect, it } from '@jest/globals';
import { boundMs } from '../support/patience.ts';
import { describeWithPython, installDeadlineMs, installedPython } from '../support/python.ts';
import { templateOf } from '../support/synthesized.ts';

const run = promisify(execFile);
const lintDeadlineMs = 120_000;

interface Finding {
  readonly Level: string;
  readonly Message: string;
  readonly Rule: { readonly Id: string };
  readonly Location: { readonly Path: readonly (string | number)[] };
}

describeWithPython('cfn-lint', () => {
  let python: string;
  beforeAll(async () => {
    python = await installedPython();
  }, installDeadlineMs);

  /** The findings of the linter for a template, one line each. */
  async function findingsOf(template: object): Promise<string[]> {
    const folder = await mkdtemp(join(tmpdir(), 'streamfold-lint-'));
    try {
      const file = join(folder, 'template.json');
      await writeFile(file, JSON.stringify(template));
      // W3005: the CDK also lists dependencies that a reference implies. They do no harm.
      const options = ['--format', 'json', '--ignore-checks', 'W3005', '--non-zero-exit-code', 'none'];
      // The interpreter runs the script: the package has no module to run, and the script's first line has another path.
      const script = join(dirname(python), 'cfn-lint');
      const { stdout } = await run(python, [script, ...options, '--', file], {
        timeout: boundMs(lintDeadlineMs),
      });
      return (JSON.parse(stdout) as Finding[]).map(
        ({ Level, Message, Rule, Location }) =>
          `${Level} ${Rule.Id} at ${Location.Path.join('/')}: ${Message}`,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  it.each([
    { stage: 'local' },
    { stage: 'dev' },
    { stage: 'prod' },
    { stage: 'local', settings: { httpApi: 'off' } },
    { stage: 'dev', settings: { tracing: 'xray' } },
  ])(
    'has no finding in the template of stage $stage with the settings $settings',
    async ({ stage, settings }) => {
      expect(await findingsOf(templateOf(stage, settings).toJSON())).toEqual([]);
    },
    lintDeadlineMs,
  );

  it(
    'has a finding for a mistake in a template',
    async () => {
      const template = templateOf('prod').toJSON();
      const [logicalId] = Object.entries(template['Resources'] as Record<string, { Type: string }>).find(
        ([, { Type }]) => Type === 'AWS::Lambda::Function',
      ) ?? ['none'];
      template['Resources'][logicalId].Properties.Timeout = 'soon';
      expect(await findingsOf(template)).toEqual([
        expect.stringMatching(`^Error E3012 at Resources/${logicalId}/Properties/Timeout: `),
      ]);
    },
    lintDeadlineMs,
  );
});
