import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Checkpoints } from './checkpoints.ts';

const sourceArn = 'arn:aws:dynamodb:us-east-1:000000000000:table/log/stream/1';
let folder: string;
let warnings: string[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'streamfold-checkpoints-'));
  warnings = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const open = (more: { sourceArn?: string } = {}) =>
  new Checkpoints({ id: 'map', sourceArn, folder, warn: (line) => warnings.push(line), ...more });

describe('checkpoints', () => {
  it('are found by the next start, and their folder has no other file', async () => {
    const first = open();
    await Promise.all([first.set('shard-1', '7'), first.set('shard-2', '8'), first.set('shard-1', '9')]);
    const second = open();
    expect([second.after('shard-1'), second.after('shard-2'), second.after('shard-3')]).toEqual([
      '9',
      '8',
      undefined,
    ]);
    expect(readdirSync(folder)).toEqual(['map.json']);
    expect(warnings).toEqual([]);
  });

  it('of another stream are ignored, even if its shards have the same names', async () => {
    await open().set('shard-1', '7');
    const reopened = open({ sourceArn: `${sourceArn}2` });
    expect(reopened.after('shard-1')).toBeUndefined();
    await reopened.set('shard-1', '1');
    expect(open().after('shard-1')).toBeUndefined();
    expect(open({ sourceArn: `${sourceArn}2` }).after('shard-1')).toBe('1');
    expect(warnings).toEqual([]);
  });

  it.each([
    [''],
    ['{"source":"arn'],
    ['null'],
    ['[]'],
    ['"x"'],
    ['{"shard-1":"7"}'],
    [JSON.stringify({ source: sourceArn })],
    [JSON.stringify({ source: sourceArn, positions: null })],
    [JSON.stringify({ source: sourceArn, positions: ['7'] })],
    [JSON.stringify({ source: sourceArn, positions: { 'shard-1': 5 } })],
    [JSON.stringify({ source: sourceArn, positions: { 'shard-1': 'garbage' } })],
  ])('are ignored when their file contains %j, and a warning names the file', async (content) => {
    const file = join(folder, 'map.json');
    writeFileSync(file, content);
    const checkpoints = open();
    expect(checkpoints.after('shard-1')).toBeUndefined();
    expect(warnings).toEqual([expect.stringMatching(/^[^\n]+$/)]);
    expect(warnings[0]).toContain(file);
    await checkpoints.set('shard-1', '3');
    expect(open().after('shard-1')).toBe('3');
    expect(warnings).toHaveLength(1);
  });

  it('are ignored when their file cannot be read', () => {
    mkdirSync(join(folder, 'map.json'));
    expect(open().after('shard-1')).toBeUndefined();
    expect(warnings).toEqual([expect.stringContaining('EISDIR')]);
  });

  it('stay in memory without a folder', async () => {
    const checkpoints = new Checkpoints({ id: 'map', sourceArn, warn: (line) => warnings.push(line) });
    await checkpoints.set('shard-1', '7');
    expect(checkpoints.after('shard-1')).toBe('7');
    expect(readdirSync(folder)).toEqual([]);
  });
});
