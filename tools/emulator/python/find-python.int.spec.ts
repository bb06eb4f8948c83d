import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { UserError } from '../../host/user-error.ts';
import { findPython } from './find-python.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-pythons-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Puts a program on the PATH that answers as a Python of this version would. */
function install(command: string, version: readonly number[], canMakeEnvironments = true): void {
  program(
    command,
    `echo '${JSON.stringify({ executable: `/opt/${command}`, version, canMakeEnvironments })}'`,
  );
}

function program(command: string, script: string): void {
  writeFileSync(join(folder, command), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, command), 0o755);
}

const find = () => findPython({ PATH: folder });

describe('the Python that is chosen', () => {
  it('is python3 when that is new enough', async () => {
    install('python3', [3, 12, 1]);
    install('python3.13', [3, 13, 0]);
    expect(await find()).toEqual({ executable: '/opt/python3', version: '3.12.1' });
  });

  it('is another one when python3 is too old, incomplete or a placeholder', async () => {
    install('python3.11', [3, 11, 2]);
    install('python3', [3, 9, 18]);
    expect(await find()).toEqual({ executable: '/opt/python3.11', version: '3.11.2' });
    install('python3', [3, 12, 1], false);
    expect(await find()).toEqual({ executable: '/opt/python3.11', version: '3.11.2' });
    program('python3', 'echo "python3: command not found" >&2; exit 127');
    expect(await find()).toEqual({ executable: '/opt/python3.11', version: '3.11.2' });
  });
});

describe('a sentence says what to install', () => {
  it('without a Python', async () => {
    await expect(find()).rejects.toThrow(UserError);
    await expect(find()).rejects.toThrow('there is none on the PATH: install python3');
  });

  it('with an older Python', async () => {
    install('python3', [3, 9, 18]);
    install('python', [2, 7, 18]);
    await expect(find()).rejects.toThrow(
      'Python 3.10 or newer is needed, and this machine has 3.9.18, 2.7.18: install a newer one.',
    );
  });

  it('with a Python that lacks the module venv, as on Debian', async () => {
    install('python3', [3, 11, 2], false);
    await expect(find()).rejects.toThrow('which /opt/python3 lacks: install them (Debian');
    await expect(find()).rejects.toThrow('python3.11-venv');
  });
});
