import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { findPython } from '../../tools/emulator/python/find-python.ts';
import { describeUnless } from '../support/describe-unless.ts';
import { sayLoudly } from '../support/loud-lines.ts';
import { installDeadlineMs, installedPython } from '../support/python.ts';
import { claims } from './claims.ts';
import { whyNoZsh } from './find-zsh.ts';
import { type ShellBlock, shellBlocks } from './markdown.ts';
import { read, root } from './pages.ts';
import { PastedShell, type ShellName } from './pasted-shell.ts';
import { type CurlCall, RecordedCurl } from './recorded-curl.ts';
import { freePorts, type HostPorts, StartedHost } from './started-host.ts';

const blockQuietMs = 60_000;
/** Long enough for the whole request collection. */
const collectionQuietMs = 180_000;
const testMaxMs = 900_000;

/** The blocks that are not pasted, with the reason. */
const leftOut: Readonly<Record<string, string>> = {
  'npm ci && npm test': 'It would delete the packages of this run, and run it again. .ci/run does it.',
};

const pages = ['README.md', 'docs/tour.md'];
const blocks = pages.flatMap((page) => shellBlocks(page, read(page)));
const startOf = /^(?:npm ci && )?npm start(?: -- (.*))?$/;

/** A block with the ports of the host instead of the usual ones. Commands that name no port get an option. */
function moved(text: string, { http, aws }: HostPorts): string {
  const url = (port: number) => `http://localhost:${port}`;
  return text
    .replaceAll('localhost:3000', `localhost:${http}`)
    .replaceAll('localhost:4566', `localhost:${aws}`)
    .replace(/^npm run traffic -- .*$/gm, `$& --url ${url(http)}`)
    .replace(/^npm run projections -- .*$/gm, `$& --endpoint ${url(aws)}`)
    .replace(/^npm run bruno$/gm, '$& --')
    .replace(/^npm run bruno -- ?.*$/gm, `$& --env-var baseUrl=${url(http)} --env-var awsUrl=${url(aws)}`)
    .replace(/npm run -s token -- /g, `$&--http ${http} `);
}

/** The answer of a call: JSON if it says so. Throws if it is not what the page says. */
function answerOf(call: CurlCall, expectedStatus: number | undefined): unknown {
  const { arguments: args, status, headers, body } = call;
  if (expectedStatus === undefined)
    expect({ args, status, isGood: status < 300 }).toMatchObject({ isGood: true });
  else expect({ args, status }).toMatchObject({ status: expectedStatus });
  expect(headers).not.toContain('x-amz-function-error');
  return /content-type: application\/(problem\+)?json/.test(headers) ? JSON.parse(body) : body;
}

/** Compares the calls of a block with the statuses in the text, and with what else the text says. */
function checkCalls({ text, statuses }: ShellBlock, calls: readonly CurlCall[]): void {
  const shown = calls.filter(({ isShown }) => isShown);
  expect(statuses).toHaveLength(shown.length);
  const answers = calls.map((call) =>
    answerOf(call, call.isShown ? statuses[shown.indexOf(call)] : undefined),
  );
  for (const { block, check } of claims) if (text.includes(block)) check(answers, calls);
}

/** Lets blocks use the AWS CLI of the tests, if the machine has none; undefined, or why they cannot. */
async function addAwsCli(curl: RecordedCurl): Promise<string | undefined> {
  const hasPython = await findPython().then(
    () => true,
    () => false,
  );
  if (!hasPython) return 'The commands of the AWS CLI in the tour are not run: that needs Python.';
  curl.addProgram('aws', `#!/bin/sh\nexec '${await installedPython()}' -m awscli "$@"\n`);
  return undefined;
}

it('leaves out only blocks that exist, and that .ci/run has', () => {
  const texts = blocks.map(({ text }) => text);
  for (const text of Object.keys(leftOut)) expect(texts).toContain(text);
  const check = readFileSync(join(root, '.ci/run'), 'utf8');
  for (const command of ['npm ci', 'npm test']) expect(check).toContain(command);
});

it('knows each claim from one block', () => {
  const blocksOf = ({ block }: (typeof claims)[number]) =>
    blocks.filter(({ text }) => text.includes(block)).length;
  expect(claims.filter((claim) => blocksOf(claim) !== 1).map(({ block }) => block)).toEqual([]);
});

const shells: readonly { name: ShellName; missing: string | undefined }[] = [
  { name: 'bash', missing: undefined },
  { name: 'zsh', missing: whyNoZsh() },
];

for (const { name, missing } of shells) {
  describeUnless(missing, `README and tour, pasted into ${name}`, () => {
    let folder: string;
    let curl: RecordedCurl;
    let shell: PastedShell;
    let host: StartedHost | undefined;
    // Each host has those of the one before, as the usual ports: the shell keeps addresses in variables.
    let ports: HostPorts;
    let noAwsCli: string | undefined;

    beforeAll(async () => {
      folder = mkdtempSync(join(tmpdir(), 'streamfold-docs-'));
      curl = new RecordedCurl(folder);
      ports = await freePorts();
      noAwsCli = await addAwsCli(curl);
      const { STREAMFOLD_TOKEN: _token, ...env } = process.env;
      shell = new PastedShell(name, { root, folder, env: { ...env, ...curl.env } });
    }, installDeadlineMs);
    afterAll(async () => {
      shell?.end();
      await host?.stop();
      rmSync(folder, { recursive: true, force: true });
    });

    const pasted = blocks.filter(({ text }) => leftOut[text] === undefined);
    it.each(pasted.map((block) => ({ ...block, first: block.text.split('\n', 1)[0] })))(
      '$place: $first',
      async (block) => {
        const [start, options = ''] = startOf.exec(block.text) ?? [];
        if (start !== undefined) {
          await host?.stop();
          host = await StartedHost.start(
            options.split(' ').filter((option) => option !== ''),
            ports,
          );
          return;
        }
        if (/^aws /m.test(block.text) && noAwsCli !== undefined) return sayLoudly(noAwsCli);
        if (host === undefined) throw new Error('No block before this one starts a host.');
        const isCollection = block.text.includes('npm run bruno');
        await shell.paste(moved(block.text, ports), isCollection ? collectionQuietMs : blockQuietMs);
        checkCalls(block, curl.take());
      },
      testMaxMs,
    );
  });
}
