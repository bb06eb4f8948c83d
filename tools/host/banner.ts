import { randomUUID } from 'node:crypto';
import type { Host } from './host.ts';

/** The part of a running host that the banner names. */
export type ShownHost = Pick<
  Host,
  | 'httpUrl'
  | 'hasHttpApi'
  | 'awsUrl'
  | 'functionNames'
  | 'notLoaded'
  | 'issueToken'
  | 'dynamodbName'
  | 'dataFolder'
  | 'otlpUrl'
  | 'externalDynamodbUrl'
>;

/** The text when the host is ready: where it answers, what it keeps, and commands to paste. It fits in 24 lines. */
export function readyText(host: ShownHost, tookMs: number): string {
  const { httpUrl, hasHttpApi, awsUrl, dynamodbName, externalDynamodbUrl } = host;
  const http = hasHttpApi
    ? `${httpUrl}, described at ${httpUrl}/openapi.json`
    : 'none: the app has no HTTP API';
  return `
Ready in ${(tookMs / 1_000).toFixed(1)} s${exceptionText(host)}. Ctrl-C stops everything.

  HTTP      ${http}
  AWS       ${awsUrl}, for the AWS CLI and SDKs in us-east-1
  Data      ${dataText(host)}
  DynamoDB  ${externalDynamodbUrl === undefined ? dynamodbName : `the one at ${externalDynamodbUrl}`}
  Traces    ${tracesText(host)}
  Code      edit a file in lambdas/, and the functions that use it are rebuilt and reloaded
  Docs      docs/tour.md shows what to try
  Options   ${hasHttpApi ? '--seed (invented data), --auth (tokens), ' : ''}--logs (what functions log), --inspect NAME (debugger), --help

${hasHttpApi ? overHttp(host) : ''}One function, directly:
  curl -X POST ${awsUrl}/2015-03-31/functions/${apiFunction(host)}/invocations -d '${JSON.stringify(healthEvent)}'
With the AWS CLI:
  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --region us-east-1 --endpoint-url ${awsUrl} dynamodb list-tables
${hasHttpApi ? `Traffic, with a check of the results:\n  npm run traffic -- --url ${httpUrl}\n` : ''}`;
}

function overHttp(host: ShownHost): string {
  const { httpUrl, issueToken } = host;
  return `${issueToken ? tokenText(httpUrl) : ''}Over HTTP:
  curl -X POST ${httpUrl}/ledger/${randomUUID()}/credits${bearer(host)} -H 'content-type: application/json' -d '{"amount":34.0}'
`;
}

const healthEvent = { version: '2.0', rawPath: '/health', requestContext: { http: { method: 'GET' } } };

function dataText({ dataFolder, externalDynamodbUrl }: ShownHost): string {
  const except = externalDynamodbUrl === undefined ? '' : ', except those in DynamoDB';
  return dataFolder === undefined
    ? `temporary, gone when the host stops${except}. To keep them: npm start -- --persist DIR`
    : `kept in ${dataFolder}${except}`;
}

function tracesText({ otlpUrl }: ShownHost): string {
  return otlpUrl === undefined
    ? 'npm run trace -- ID (the x-correlation-id of an answer), or --otlp URL at the start'
    : `to ${otlpUrl}, with metrics and logs`;
}

function exceptionText({ notLoaded }: ShownHost): string {
  if (notLoaded.length === 0) return '';
  return `, but ${notLoaded.join(', ')} did not load: see above`;
}

function tokenText(httpUrl: string): string {
  const { port } = new URL(httpUrl);
  const option = port === '3000' ? '' : ` --http ${port}`;
  return (
    'A token for the commands below (npm run -s token -- --help):\n' +
    `  export STREAMFOLD_TOKEN=$(npm run -s token --${option} --subject me)\n`
  );
}

function bearer({ issueToken }: ShownHost): string {
  return issueToken ? ' -H "authorization: Bearer $STREAMFOLD_TOKEN"' : '';
}

function apiFunction({ functionNames }: ShownHost): string {
  return functionNames.find((name) => name.endsWith('-api')) ?? functionNames[0] ?? 'FUNCTION';
}
