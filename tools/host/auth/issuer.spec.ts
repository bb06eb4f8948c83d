import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { keyIn, newKey, pemOf } from './issuer.ts';
import { announce, keyOfHost } from './running-hosts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-key-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the key in a file', () => {
  it('is created once, for its owner only', async () => {
    const file = join(folder, 'data/issuer-key.pem');
    const first = await keyIn(file);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(pemOf(await keyIn(file))).toBe(pemOf(first));
  });

  it('is refused if it is none, with its file', async () => {
    const file = join(folder, 'issuer-key.pem');
    writeFileSync(file, 'no key');
    await expect(keyIn(file)).rejects.toMatchObject({
      name: 'UserError',
      message: `${file} is not a private key. Delete it, and start the host again.`,
    });
  });
});

describe('a running host', () => {
  /** No real host has it. */
  const port = 70_001;

  it('is known until it stops', async () => {
    const key = pemOf(await newKey());
    const forget = await announce(port, key);
    expect(await keyOfHost(port)).toBe(key);
    await forget();
    await expect(keyOfHost(port)).rejects.toMatchObject({
      name: 'UserError',
      message: expect.stringMatching(/^No host with --auth runs at port 70001\./),
    });
  });
});
