import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { announceHost, hostAt, hostToAsk } from './other-hosts.ts';

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

it('a running host is the one that a command means, by its port or its checkout', async () => {
  await announceHost(own, { ...host, tracesPort: 4000 });
  expect(hostToAsk('/a', undefined, folder)).toEqual({ ...host, tracesPort: 4000 });
  expect(hostToAsk('/b', 3000, folder)).toMatchObject({ tracesPort: 4000 });
  expect(() => hostToAsk('/b', undefined, folder)).toThrow('No host runs. Start one with: npm start');
  expect(() => hostToAsk('/a', 4566, folder)).toThrow('No host runs at port 4566. Start one with: npm start');
});

it('a command asks for the port if several hosts run', async () => {
  const other = join(folder, 'streamfold-host-1-b');
  mkdirSync(other);
  await announceHost(own, { ...host, httpPort: 3100 });
  await announceHost(other, host);
  expect(() => hostToAsk('/a', undefined, folder)).toThrow(
    'Several hosts run. Name the port of one with --http: 3000, 3100.',
  );
  expect(hostToAsk('/a', 3100, folder)).toMatchObject({ httpPort: 3100 });
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
  ['a port of traces that is none', { ...host, tracesPort: null }],
  ['a receiver that is no text', { ...host, otlpUrl: 1 }],
  ['no project', { ...host, project: undefined }],
  ['a project that is no text', { ...host, project: ['/a'] }],
  ['nothing', null],
])('%s counts for no host', (_, content) => {
  writeFileSync(join(own, 'host.json'), JSON.stringify(content));
  expect(hostAt(3000, folder)).toBeUndefined();
});
