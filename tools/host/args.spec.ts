import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parseStartArguments, refuseOptionsGivenToNpm } from './args.ts';
import { checkLogs } from './log-selection.ts';

describe('the options of npm start', () => {
  it('have defaults', () => {
    expect(parseStartArguments([])).toEqual({
      httpPort: 3000,
      awsPort: 4566,
      auth: false,
      owners: false,
      logs: 'warnings',
      inspect: [],
      help: false,
    });
  });

  it('are accepted in any order', () => {
    const args = [
      '--otlp',
      'http://localhost:4318/',
      '--dynamodb',
      'http://localhost:8000',
      '--aws',
      '0',
      '--persist',
      'data',
      '--http',
      '8080',
    ];
    expect(parseStartArguments(args)).toMatchObject({
      httpPort: 8080,
      awsPort: 0,
      persistFolder: join(process.cwd(), 'data'),
      dynamodbUrl: 'http://localhost:8000',
      otlpUrl: 'http://localhost:4318',
    });
  });

  it.each([
    [['--logs'], 'all'],
    [['--logs', '--auth'], 'all'],
    [['--logs', 'json'], 'json'],
    [['--logs=json'], 'json'],
    [
      ['--logs', 'api,publisher', '--auth'],
      ['api', 'publisher'],
    ],
    [['--auth', '--logs=api'], ['api']],
    [
      ['--logs', 'api, publisher'],
      ['api', 'publisher'],
    ],
  ])('say which log lines are shown: %j', (args, logs) => {
    expect(parseStartArguments(args).logs).toEqual(logs);
  });

  it('let an app without an HTTP API have the data that need none', () => {
    const args = ['--seed', 'stress', '--settings', '{"httpApi":"off"}'];
    expect(parseStartArguments(args)).toMatchObject({ seed: 'stress', settings: { httpApi: 'off' } });
  });

  it('are refused if npm keeps them for itself', () => {
    expect(() => refuseOptionsGivenToNpm({ npm_config_cache: '/c', npm_config_logs: 'true' })).toThrow(
      'npm keeps --logs for itself. Write -- before the options: npm start -- --logs ...',
    );
    refuseOptionsGivenToNpm({ npm_config_cache: '/c' });
  });

  it('name functions that exist', () => {
    const names = ['api', 'publisher'];
    for (const selection of ['all', 'json', 'warnings', ['api']] as const) checkLogs(selection, names);
    expect(() => checkLogs(['api', 'apo'], names)).toThrow(
      '--logs: there is no function "apo". The functions are api, publisher.',
    );
  });

  it.each([
    [['--persist'], /^--persist needs a folder, such as: --persist data$/],
    [['--persist', '--auth'], /^--persist needs a folder/],
    [['--http', '--logs'], /^--http needs a port/],
    [['--dynamodb'], /^--dynamodb needs an engine or a URL/],
    [['--otlp'], /^--otlp needs the URL of a receiver, such as: --otlp http:\/\/localhost:4318$/],
    [['--otlp', '--auth'], /^--otlp needs the URL/],
    [['--otlp='], /^--otlp must be the http or https URL/],
    [['--otlp', 'http://a:1', '--otlp=http://a:2'], /^--otlp is given twice\.$/],
    [['--logs='], /^--logs= needs names of functions/],
    [['--logs', 'api', 'publisher'], /^Unexpected argument 'publisher'/],
    [['--foo'], /^Unknown option '--foo'/],
    [['here'], /^Unexpected argument 'here'/],
    [['--http'], /--http/],
    [['--http', 'abc'], /--http must be a port/],
    [['--aws', '65536'], /--aws must be a port/],
    [['--aws', ''], /--aws must be a port/],
    [['--settings', '{"cors":'], /--settings must be a JSON object such as/],
    [['--settings', '[]'], /--settings must be a JSON object such as/],
    [['--settings', ''], /not empty/],
    [['--persist', ''], /--persist needs a folder/],
    [['--owners'], /--owners needs --auth/],
    [['--seed', '--seed', 'stress'], /^--seed is given twice\.$/],
    [['--logs=api', '--auth', '--logs'], /^--logs is given twice\.$/],
    [['toString'], /^Unexpected argument 'toString'/],
    [['--logs', 'json,api'], /^--logs json shows all functions, so it cannot be combined with names/],
    [['--logs', ' , '], /^--logs= needs names of functions/],
    [['--seed', '--settings', '{"httpApi":"off"}'], /^--seed sends its data to the HTTP API/],
  ])('are refused with one line: %j', (args, message) => {
    const attempt = () => parseStartArguments(args);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ name: 'UserError' }));
    expect(attempt).toThrow(/^[^\n]+$/);
  });
});
