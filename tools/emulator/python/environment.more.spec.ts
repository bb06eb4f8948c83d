import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startNode } from '../../../test/support/node-process.ts';
import { describeWithPython } from '../../../test/support/python.ts';
import { pythonEnvironment } from './environment.ts';
import { findPython } from './find-python.ts';

describeWithPython('the Python environment', () => {
  let folder: string;
  let requirementsFile: string;
  let cacheFolder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'streamfold-environment-'));
    requirementsFile = join(folder, 'requirements.txt');
    cacheFolder = join(folder, 'cache');
    writeFileSync(requirementsFile, '# Nothing.\n');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const make = async (say: (line: string) => void = () => undefined) =>
    pythonEnvironment({ python: await findPython(), cacheFolder, requirementsFile, say });

  it('is created once, even by two processes at a time or after a killed one, and again for changed requirements', async () => {
    const ended = spawn('true');
    await new Promise((resolve) => ended.once('close', resolve));
    mkdirSync(join(cacheFolder, `0123456789abcdef.${ended.pid}`, 'bin'), { recursive: true });
    const [first, second] = await Promise.all([makeInAnotherProcess(), makeInAnotherProcess()]);
    expect(second).toBe(first);
    expect(readdirSync(cacheFolder)).toHaveLength(1);
    const whole = ['-c', 'import pip, sys; print(sys.prefix)'];
    expect(execFileSync(first, whole, { encoding: 'utf8' }).trim()).toBe(join(first, '../..'));
    const said: string[] = [];
    expect(await make((line) => said.push(line))).toBe(first);
    expect(said).toEqual([]);

    writeFileSync(requirementsFile, '# Nothing either.\n');
    expect(await make((line) => said.push(line))).not.toBe(first);
    expect(said).toEqual([expect.stringContaining('Installing')]);
    expect(readdirSync(cacheFolder)).toHaveLength(1);
    expect(existsSync(first)).toBe(false);
  }, 180_000);

  it('reports in one sentence why it could not be created, and removes its files', async () => {
    writeFileSync(requirementsFile, `streamfold @ file://${join(folder, 'missing.whl')}\n`);
    await expect(make()).rejects.toThrow(
      /^The Python packages could not be installed \(ERROR: .*\): correct/,
    );
    expect(readdirSync(cacheFolder)).toEqual([]);
  }, 120_000);

  it('reports in a sentence that the cache cannot be written to', async () => {
    writeFileSync(cacheFolder, '');
    await expect(make()).rejects.toThrow(
      /^The Python packages are kept in .*cache, which cannot be written to \(/,
    );
  });

  async function makeInAnotherProcess(): Promise<string> {
    const options = JSON.stringify({ python: await findPython(), cacheFolder, requirementsFile });
    const script = `
      import { pythonEnvironment } from './tools/emulator/python/environment.ts';
      console.log(await pythonEnvironment({ ...${options}, say: () => undefined }));`;
    const started = startNode(['--input-type=module', '-e', script]);
    await started.exitCode;
    return started.output().trim();
  }
});
