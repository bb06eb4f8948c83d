import { describe, expect, it } from '@jest/globals';
import { callerFolder, callerPath } from './caller-folder.ts';

const called = (cwd: string, env: Record<string, string>) => ({
  env,
  argv: ['/usr/bin/node', '/project/tools/host/main.ts'],
  cwd: () => cwd,
});
const npm = { INIT_CWD: '/project/sub', npm_lifecycle_script: 'node tools/host/main.ts' };

describe('the folder of the caller', () => {
  it('is the one that npm was called in', () => {
    expect(callerFolder(called('/project', npm))).toBe('/project/sub');
    expect(callerPath('data', called('/project', npm))).toBe('/project/sub/data');
    expect(callerPath('../data', called('/project', npm))).toBe('/project/data');
    expect(callerPath('/data', called('/project', npm))).toBe('/data');
  });

  it('is the working folder without npm', () => {
    expect(callerFolder(called('/elsewhere', {}))).toBe('/elsewhere');
  });

  it('is the working folder if npm runs another script, which started this one', () => {
    const other = { ...npm, npm_lifecycle_script: 'node tools/traffic/main.ts' };
    expect(callerFolder(called('/project', other))).toBe('/project');
    expect(callerFolder(called('/elsewhere', npm))).toBe('/elsewhere');
  });
});
