import { describe, expect, it } from '@jest/globals';
import { deployedText, destroyedText, startedText } from './texts.ts';

describe('the texts', () => {
  it('name the next command, with the endpoint when it is not the default', () => {
    expect(startedText('http://localhost:4566')).toContain('\n  npm run deploy:local\n');
    expect(startedText('http://localhost:80')).toContain(
      '\n  npm run deploy:local -- --endpoint http://localhost:80\n',
    );
  });

  it('have commands to paste, in which the shell does not expand the stage $default', () => {
    const deployment = {
      stackName: 'streamfold-local',
      apiFunctionName: 'streamfold-local-api',
      httpUrl: 'http://localhost:4566/_aws/execute-api/abc/$default',
    };
    const text = deployedText('LocalStack', 'http://localhost:4566', deployment);
    expect(text).toContain('streamfold-local runs on LocalStack at http://localhost:4566');
    const withStage = text.split('\n').filter((line) => line.includes('$default'));
    expect(withStage).toHaveLength(2);
    for (const line of withStage) expect(line).toMatch(/'[^']*\$default[^']*'/);
  });

  it('have only commands that work without an HTTP API, when there is none', () => {
    const deployment = { stackName: 'streamfold-local', apiFunctionName: 'streamfold-local-api' };
    const text = deployedText('LocalStack', 'http://localhost:4566', deployment);
    expect(text).toContain('It has no HTTP API.\nOne function, directly:\n');
    expect(text).toContain('The request collection, by direct invocation:\n  npm run bruno');
    expect(text).not.toMatch(/undefined|baseUrl|execute-api/);
    expect(text.match(/npm run bruno.*/g)).toEqual([expect.stringMatching(/ --env-var invoke=direct$/)]);
  });

  it('say what remains after the stack is removed', () => {
    expect(destroyedText('MiniStack', 'dev')).toMatch(
      /^streamfold-dev is removed from MiniStack\. .* CDKToolkit /,
    );
  });
});
