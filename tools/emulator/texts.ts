import { credentials, region } from '../host/aws-json.ts';
import { usualEndpoint } from './args.ts';
import { type Deployment, healthEvent } from './deploy.ts';
import type { EmulatorName } from './endpoint.ts';

/** The text when MiniStack answers. */
export function startedText(endpoint: string): string {
  const option = endpoint === usualEndpoint ? '' : ` -- --endpoint ${endpoint}`;
  return `
MiniStack answers at ${endpoint} and is empty. Ctrl-C stops it and deletes its data.

In another terminal:
  npm run deploy:local${option}
`;
}

/** The text when the app is deployed: where it answers, and commands to paste. All of them work with this deployment. */
export function deployedText(emulator: EmulatorName, endpoint: string, deployment: Deployment): string {
  const { stackName, apiFunctionName, httpUrl } = deployment;
  const aws = `AWS_ACCESS_KEY_ID=${credentials.accessKeyId} AWS_SECRET_ACCESS_KEY=${credentials.secretAccessKey} aws --region ${region} --endpoint-url ${endpoint}`;
  const bruno = `npm run bruno -- --env emulator --env-var awsUrl=${endpoint} --env-var apiFunction=${apiFunctionName}`;
  const [http, collection, overHttp] =
    httpUrl === undefined
      ? ['It has no HTTP API.\n', 'by direct invocation', '']
      : [
          `The HTTP API:\n  curl '${httpUrl}/health'\n`,
          'over the HTTP API and by direct invocation',
          `  ${bruno} --env-var 'baseUrl=${httpUrl}'\n`,
        ];
  return `
${stackName} runs on ${emulator} at ${endpoint}, and its functions answer.

${http}One function, directly:
  curl '${endpoint}/2015-03-31/functions/${apiFunctionName}/invocations' -d '${JSON.stringify(healthEvent)}'
With the AWS CLI:
  ${aws} dynamodb list-tables
The request collection, ${collection}:
${overHttp}  ${bruno} --env-var invoke=direct
`;
}

/** The text when the app is removed. */
export function destroyedText(emulator: EmulatorName, stage: string): string {
  return `streamfold-${stage} is removed from ${emulator}. The stack CDKToolkit with its bucket, which the CDK keeps for further deploys, stays until ${emulator} stops.`;
}
