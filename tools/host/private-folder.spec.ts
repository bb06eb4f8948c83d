import { chmodSync, lstatSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import * as realFiles from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';

const chmod = jest.fn(realFiles.chmod);
jest.unstable_mockModule('node:fs/promises', () => ({ ...realFiles, chmod }));
const { privateDataFolder } = await import('./private-folder.ts');
const { keyIn } = await import('./auth/issuer.ts');

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-private-'));
  mkdirSync(join(folder, 'queues'));
});
afterEach(() => {
  jest.restoreAllMocks();
  chmod.mockImplementation(realFiles.chmod);
  rmSync(folder, { recursive: true });
});

/** Every file then belongs to somebody else. Only root could give one away. */
function beAnotherUser(): void {
  const own = process.getuid?.() ?? 0;
  jest.spyOn(process as { getuid: () => number }, 'getuid').mockReturnValue(own + 1);
}

describe('a folder of data', () => {
  it('with a folder of another user is refused, which stays as it is', async () => {
    chmodSync(join(folder, 'queues'), 0o755);
    beAnotherUser();
    await expect(privateDataFolder(folder)).rejects.toMatchObject({
      name: 'UserError',
      message: `${join(folder, 'queues')} belongs to another user, who may read and change it. Remove it, or name another folder with --persist.`,
    });
    expect(lstatSync(join(folder, 'queues')).mode & 0o777).toBe(0o755);
  });

  it.each([
    ['ignores rights', async () => undefined],
    ['refuses to change rights', () => Promise.reject(Object.assign(new Error(), { code: 'EPERM' }))],
  ])('in a file system that %s is used with one warning', async (_, change) => {
    for (const name of ['', 'queues']) chmodSync(join(folder, name), 0o777);
    chmod.mockImplementation(change);
    const warnings: string[] = [];
    await privateDataFolder(folder, (line) => warnings.push(line));
    expect(warnings).toEqual([
      `Other users may read ${folder}: its file system knows no rights. Name another folder with --persist.`,
    ]);
    chmod.mockImplementation(realFiles.chmod);
    await privateDataFolder(folder, (line) => warnings.push(line));
    expect(warnings).toHaveLength(1);
  });
});

describe('the key for tokens', () => {
  const file = () => join(folder, 'issuer-key.pem');
  const refused = () => ({
    name: 'UserError',
    message: `${file()} is not a file of this user. Delete it, and start the host again.`,
  });

  it('is not taken from a file of another user', async () => {
    await keyIn(file());
    beAnotherUser();
    await expect(keyIn(file())).rejects.toMatchObject(refused());
  });

  it('is not taken from where a link leads', async () => {
    await keyIn(join(folder, 'other.pem'));
    symlinkSync(join(folder, 'other.pem'), file());
    await expect(keyIn(file())).rejects.toMatchObject(refused());
    rmSync(file());
    mkdirSync(file());
    await expect(keyIn(file())).rejects.toMatchObject(refused());
  });
});
