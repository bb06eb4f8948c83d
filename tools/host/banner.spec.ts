import { expect, it } from '@jest/globals';
import { readyText, type ShownHost } from './banner.ts';

const host: ShownHost = {
  httpUrl: 'http://localhost:3100',
  hasHttpApi: true,
  awsUrl: 'http://localhost:4666',
  functionNames: ['app-publisher', 'app-api'],
  notLoaded: [],
  dynamodbName: 'dynoxide',
};

it('the banner has commands to paste, with the ports and a function of the host', () => {
  const text = readyText(host, 1_234);
  expect(text).toContain('Ready in 1.2 s. Ctrl-C');
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

it('the banner says where the docs and the data are, and which DynamoDB runs, on one screen', () => {
  const text = readyText({ ...host, issueToken: () => 'token' }, 1_234);
  expect(text).toContain('http://localhost:3100/openapi.json');
  expect(text).toContain('docs/tour.md');
  expect(text).toContain('temporary, gone when the host stops');
  expect(text).toContain('DynamoDB  dynoxide\n');
  expect(text.split('\n').length).toBeLessThanOrEqual(24);
  expect(readyText({ ...host, dataFolder: '/data' }, 1_234)).toContain('Data      kept in /data\n');
  const external = readyText({ ...host, externalDynamodbUrl: 'http://localhost:8000' }, 1_234);
  expect(external).toContain('gone when the host stops, except those in DynamoDB.');
  expect(external).toContain('DynamoDB  the one at http://localhost:8000\n');
});

it('the banner says where traces are', () => {
  expect(readyText(host, 1_234)).toContain('  Traces    npm run trace -- ID');
  expect(readyText({ ...host, otlpUrl: 'http://localhost:4318' }, 1_234)).toContain(
    '  Traces    to http://localhost:4318, with metrics and logs\n',
  );
});

it('the banner has a command for a token, if callers need one', () => {
  const withTokens = { ...host, issueToken: () => 'token' };
  const text = readyText(withTokens, 1_234);
  expect(text).toContain('export STREAMFOLD_TOKEN=$(npm run -s token -- --http 3100 --subject me)');
  expect(text).toMatch(/credits -H "authorization: Bearer \$STREAMFOLD_TOKEN"/);
  expect(readyText({ ...withTokens, httpUrl: 'http://localhost:3000' }, 1_234)).toContain(
    'token -- --subject me)',
  );
});

it('the banner names the functions that did not load', () => {
  expect(readyText({ ...host, notLoaded: ['app-api'] }, 1_234)).toContain(
    'Ready in 1.2 s, but app-api did not load: see above. Ctrl-C',
  );
  expect(readyText({ ...host, notLoaded: host.functionNames }, 1_234)).toContain(
    ', but app-publisher, app-api did not load: see above.',
  );
});

it('the banner has only commands that work, if the app has no HTTP API', () => {
  const text = readyText({ ...host, hasHttpApi: false }, 1_234);
  expect(text).toContain('  HTTP      none: the app has no HTTP API\n');
  expect(text).not.toContain('3100');
  expect(text).not.toMatch(/--seed|--auth/);
  expect(text).toMatch(/functions\/app-api\/invocations/);
});
