import { randomUUID } from 'node:crypto';
import type { Host } from './host.ts';

/** The text when the host is ready: where it answers, and commands to paste. */
export function readyText(host: Omit<Host, 'killRunning' | 'dynamodbName'>, tookMs: number): string {
  const { httpUrl, hasHttpApi, awsUrl, functionNames, notLoaded, issueToken } = host;
  const apiFunction = functionNames.find((name) => name.endsWith('-api')) ?? functionNames[0] ?? 'FUNCTION';
  const event = { version: '2.0', rawPath: '/health', requestContext: { http: { method: 'GET' } } };
  const { port } = new URL(httpUrl);
  const tokenPort = port === '3000' ? '' : ` --http ${port}`;
  const bearer = issueToken ? ' -H "authorization: Bearer $STREAMFOLD_TOKEN"' : '';
  const token = issueToken
    ? `A token for the commands below (npm run -s token -- --help):\n  export STREAMFOLD_TOKEN=$(npm run -s token --${tokenPort} --subject me)\n`
    : '';
  const verb = notLoaded.length === 1 ? 'does' : 'do';
  const except = notLoaded.length > 0 ? `, but ${notLoaded.join(', ')} ${verb} not load: see above` : '';
  const overHttp = `Over HTTP:
  curl -X POST ${httpUrl}/ledger/${randomUUID()}/credits${bearer} -H 'content-type: application/json' -d '{"amount":34.0}'
`;
  const traffic = `Traffic, with a check of the results:
  npm run traffic -- --url ${httpUrl}
`;
  return `
Ready in ${(tookMs / 1_000).toFixed(1)} s${except}. Ctrl-C stops everything.

  HTTP  ${hasHttpApi ? httpUrl : 'none: the app has no HTTP API'}
  AWS   ${awsUrl}

${token}${hasHttpApi ? overHttp : ''}One function, directly:
  curl -X POST ${awsUrl}/2015-03-31/functions/${apiFunction}/invocations -d '${JSON.stringify(event)}'
With the AWS CLI:
  AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test aws --region us-east-1 --endpoint-url ${awsUrl} dynamodb list-tables
${hasHttpApi ? traffic : ''}`;
}
