import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { announceHost, hostAt } from './other-hosts.ts';

const host = { pid: process.pid, httpPort: 3000, awsPort: 4566, project: '/a' };

let folder: string;
let own: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-others-'));
  own = join(folder, 'streamfold-host-1-a');
  mkdirSync(own);
});
afterEach(() => {
  jest.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

it('a running host is known by both of its ports', async () => {
  await announceHost(own, host);
  expect(hostAt(3000, folder)).toEqual(host);
  expect(hostAt(4566, folder)).toEqual(host);
  expect(hostAt(3001, folder)).toBeUndefined();
});

it('what another user has written is not believed', async () => {
  await announceHost(own, host);
  jest.spyOn(process as { getuid: () => number }, 'getuid').mockReturnValue((process.getuid?.() ?? 0) + 1);
  expect(hostAt(3000, folder)).toBeUndefined();
});

it('a link is not followed', async () => {
  await announceHost(own, host);
  renameSync(join(own, 'host.json'), join(folder, 'elsewhere.json'));
  symlinkSync(join(folder, 'elsewhere.json'), join(own, 'host.json'));
  expect(hostAt(3000, folder)).toBeUndefined();
});

it.each([
  ['a process that is none', { ...host, pid: 0 }],
  ['a process as text', { ...host, pid: String(process.pid) }],
  ['a port as text', { ...host, awsPort: '4566' }],
  ['no project', { ...host, project: undefined }],
  ['a project that is no text', { ...host, project: ['/a'] }],
  ['nothing', null],
])('%s counts for no host', (_, content) => {
  writeFileSync(join(own, 'host.json'), JSON.stringify(content));
  expect(hostAt(3000, folder)).toBeUndefined();
});
