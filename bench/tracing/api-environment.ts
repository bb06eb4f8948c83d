import { authenticationVariable } from '../../schema/authentication.ts';
import { contextNames, queueNames } from '../../schema/contexts.ts';
import {
  failuresUrlVariable,
  givenUpNoticesVariable,
  queueUrlVariable,
  tableVariable,
} from '../../schema/names.ts';
import { tables } from '../../test/support/test-dynamodb.ts';
import { credentials, region } from '../../tools/host/aws-json.ts';
import { environment } from '../world.ts';

/** Nothing listens there: no measured request sends a message or needs a key. */
const nowhere = 'http://127.0.0.1:9';

/** The variables of the API's function, as Lambda and the stack set them, without those of tracing. */
export function apiEnvironment(dynamodbUrl: string): Readonly<Record<string, string>> {
  return {
    ...lambdaEnvironment,
    ...environment,
    ...Object.fromEntries(contextNames.map((name) => [tableVariable(name), tables.readModel.name])),
    ...Object.fromEntries(
      queueNames.flatMap((name) => [
        [queueUrlVariable(name), `${nowhere}/${name}`],
        [failuresUrlVariable(name), `${nowhere}/${name}-failures`],
      ]),
    ),
    [givenUpNoticesVariable]: `${nowhere}/given-up`,
    [authenticationVariable]: JSON.stringify({ kind: 'none' }),
    WAITING_TABLE: tables.waiting.name,
    PERSON_INDEX_TABLE: tables.personIndex.name,
    SUBJECT_KEY_TABLE: tables.subjectKeys.name,
    SUBJECT_KMS_KEY_ARN: `arn:aws:kms:${region}:000000000000:key/bench`,
    DOCUMENT_BUCKET: 'documents',
    AWS_ENDPOINT_URL_DYNAMODB: dynamodbUrl,
    AWS_ENDPOINT_URL_SQS: nowhere,
  };
}

/** The variables that Lambda and every function have. `AWS_EXECUTION_ENV` and `LAMBDA_TASK_ROOT` tell Powertools and the X-Ray SDK that they run on Lambda. */
const lambdaEnvironment = {
  AWS_REGION: region,
  AWS_ACCESS_KEY_ID: credentials.accessKeyId,
  AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  LAMBDA_TASK_ROOT: '/var/task',
  AWS_LAMBDA_FUNCTION_NAME: 'streamfold-bench-api',
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '1024',
  AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/streamfold-bench-api',
  AWS_LAMBDA_LOG_STREAM_NAME: 'bench',
  POWERTOOLS_SERVICE_NAME: 'api',
  STAGE: 'bench',
  LOG_LEVEL: 'INFO',
  TZ: 'UTC',
};
