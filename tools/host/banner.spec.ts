import { expect, it } from '@jest/globals';
import { readyText } from './banner.ts';

it('the banner has commands to paste, with the ports and a function of the host', () => {
  const text = readyText(
    {
      httpUrl: 'http://localhost:3100',
      hasHttpApi: true,
      awsUrl: 'http://localhost:4666',
      functionNames: ['app-publisher', 'app-api'],
      notLoaded: [],
      stop: async () => undefined,
    },
    1_234,
  );
  expect(text).toContain('Ready in 1.2 s.');
  const commands = text.split('\n').filter((line) => /^ {2}(curl|AWS_|npm)/.test(line));
  expect(commands).toEqual([
    expect.stringMatching(/^ {2}curl -X POST http:\/\/localhost:3100\/ledger\/[0-9a-f-]{36}\/credits /),
    expect.stringMatching(
      /^ {2}curl -X POST http:\/\/localhost:4666\/2015-03-31\/functions\/app-api\/invocations /,
    ),
    expect.stringMatching(/ aws --region us-east-1 --endpoint-url http:\/\/localhost:4666 /),
    '  npm run traffic -- --url http://localhost:3100',
  ]);
});

it('the banner has a command for a token, if callers need one', () => {
  const host = {
    httpUrl: 'http://localhost:3100',
    hasHttpApi: true,
    awsUrl: 'http://localhost:4666',
    functionNames: ['app-api'],
    notLoaded: [],
    stop: async () => undefined,
    issueToken: () => 'token',
  };
  const text = readyText(host, 1_234);
  expect(text).toContain('export STREAMFOLD_TOKEN=$(npm run -s token -- --http 3100 --subject me)');
  expect(text).toMatch(/credits -H "authorization: Bearer \$STREAMFOLD_TOKEN"/);
  expect(readyText({ ...host, httpUrl: 'http://localhost:3000' }, 1_234)).toContain('token -- --subject me)');
});

it('the banner names the functions that do not load', () => {
  const host = {
    httpUrl: 'http://localhost:3100',
    hasHttpApi: true,
    awsUrl: 'http://localhost:4666',
    functionNames: ['app-api', 'app-publisher'],
    stop: async () => undefined,
  };
  expect(readyText({ ...host, notLoaded: ['app-api'] }, 1_234)).toContain(
    'Ready in 1.2 s, but app-api does not load: see above. Ctrl-C',
  );
  expect(readyText({ ...host, notLoaded: host.functionNames }, 1_234)).toContain(
    ', but app-api, app-publisher do not load: see above.',
  );
});

it('the banner has only commands that work, if the app has no HTTP API', () => {
  const host = {
    httpUrl: 'http://localhost:3100',
    hasHttpApi: false,
    awsUrl: 'http://localhost:4666',
    functionNames: ['app-api'],
    notLoaded: [],
    stop: async () => undefined,
  };
  const text = readyText(host, 1_234);
  expect(text).toContain('  HTTP  none: the app has no HTTP API\n');
  expect(text).not.toContain('3100');
  expect(text).toMatch(/functions\/app-api\/invocations/);
});
