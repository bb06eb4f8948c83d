import { execFile, execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { describeUnless } from '../../test/support/describe-unless.ts';
import { NpmStart } from '../../test/support/npm-start.ts';

const root = join(import.meta.dirname, '../..');
/** The user "nobody" of most systems. */
const nobody = 65_534;
const startDeadlineMs = 120_000;

let folder: string;
const cleanups: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-rights-'));
  chmodSync(folder, 0o755);
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

interface Ended {
  readonly code: number;
  readonly output: string;
}

/** Runs a host that is expected to end by itself. */
function start(args: readonly string[], { uid, temporary = tmpdir() }: { uid?: number; temporary?: string }) {
  const env = { ...process.env, TMPDIR: temporary };
  const options = { cwd: root, env, timeout: startDeadlineMs, ...(uid !== undefined && { uid, gid: uid }) };
  const command = ['tools/host/main.ts', '--http', '0', '--aws', '0', ...args];
  return new Promise<Ended>((resolve) => {
    execFile(process.execPath, command, options, (error, stdout, stderr) => {
      resolve({ code: Number(error?.code ?? 0), output: (stdout + stderr).trim() });
    });
  });
}

/** One sentence or two, in one line, and no stack. */
const says = (text: string): Ended => ({ code: 1, output: expect.stringMatching(text) as unknown as string });
const escaped = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** As nobody, this Node and this project must be readable. */
function whyNotAsNobody(): string | undefined {
  if (process.getuid?.() !== 0) return 'only root can run a program as another user';
  try {
    const options = { cwd: root, uid: nobody, gid: nobody, stdio: 'pipe' } as const;
    execFileSync(process.execPath, ['tools/host/main.ts', '--help'], options);
    return undefined;
  } catch {
    return 'another user cannot read this project';
  }
}

it('a folder of data that is a file is refused with a sentence', async () => {
  const file = join(folder, 'file');
  writeFileSync(file, 'mine');
  const expected = says(
    `^Cannot keep data in ${escaped(file)}: it is a file, or in one\\. Name a folder with --persist\\.$`,
  );
  expect(await start(['--persist', file], {})).toEqual(expected);
});

describeUnless(whyNotAsNobody(), 'a user who may not write', () => {
  const persist = () => join(folder, 'data');
  const refusedData = () =>
    `^Cannot keep data in ${escaped(persist())}: EACCES.*Name another folder with --persist, or give it to this user\\.$`;

  it.each([
    ['into the folder of data', () => undefined],
    ['into a folder of an engine', () => mkdirSync(join(persist(), 'kinesis'), { mode: 0o755 })],
    [
      'to a file of an engine',
      () => {
        mkdirSync(join(persist(), 'dynamodb'));
        chmodSync(join(persist(), 'dynamodb'), 0o777);
        chmodSync(persist(), 0o777);
        writeFileSync(join(persist(), 'dynamodb/dynamodb.sqlite'), '', { mode: 0o644 });
      },
    ],
  ])('%s gets a sentence', async (_, prepare) => {
    mkdirSync(persist(), { mode: 0o755 });
    prepare();
    expect(await start(['--persist', persist()], { uid: nobody })).toEqual(says(refusedData()));
  });

  it('temporary files gets a sentence', async () => {
    expect(await start([], { uid: nobody, temporary: folder })).toEqual(
      says(
        `^This user cannot make a folder in ${escaped(folder)} \\(EACCES.*name another folder with TMPDIR\\.$`,
      ),
    );
  });

  it.each([
    ['the app that must be built', ['--settings', '{"snapshotThreshold":37}'], '.cache/local'],
    ['the key for tokens', ['--auth'], '.cache/auth'],
  ])('%s gets a sentence', async (_, options, place) => {
    mkdirSync(join(root, place), { recursive: true });
    expect(await start(options, { uid: nobody })).toEqual(
      says(
        `This user cannot write to ${escaped(join(root, place))} \\(EACCES.*clone the project as this user, or give it the folder\\.$`,
      ),
    );
  });

  it(
    'starts from what another user has built, and leaves that user what was left',
    async () => {
      const builder = new NpmStart();
      cleanups.push(() => builder.remove());
      await builder.untilReady(startDeadlineMs);
      const temporary = join(folder, 'temporary');
      mkdirSync(temporary);
      chmodSync(temporary, 0o1777);
      const left = join(temporary, 'streamfold-host-99999999-left');
      mkdirSync(left, { mode: 0o700 });
      const started = new NpmStart({ user: nobody, temporary });
      cleanups.push(() => started.remove());
      await started.untilReady(startDeadlineMs);
      expect(existsSync(left)).toBe(true);
    },
    2 * startDeadlineMs,
  );
});

function mountSmallDisk(): string | undefined {
  const disk = join(folder, 'disk');
  mkdirSync(disk);
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=1777', 'tmpfs', disk], { stdio: 'pipe' });
  } catch {
    return undefined;
  }
  cleanups.push(() => execFileSync('umount', ['-l', disk]));
  return disk;
}

it('a full disk is said with a sentence', async () => {
  const disk = mountSmallDisk();
  if (disk === undefined) return; // Only root can mount one, and not in every container.
  const ended = await start(['--persist', join(disk, 'data')], {});
  expect(ended.code).toBe(1);
  expect(ended.output).not.toMatch(/^ {4}at /m);
  expect(ended.output).toMatch(/did not start|Cannot keep data/);
});
