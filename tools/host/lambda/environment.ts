import { credentials, region } from '../aws-json.ts';

/** Where the engines answer. */
export interface EngineUrls {
  dynamodb: string;
  kinesis: string;
  /** SQS and S3: one engine. */
  queues: string;
  /** The host itself. */
  kms: string;
}

/** Where a function calls AWS. */
export interface FunctionUrls extends EngineUrls {
  /** Links to documents begin with it, so browsers must be able to open it. */
  s3: string;
}

/**
 * The variables that Lambda sets for every function, and the addresses of the engines for its SDK. AWS_EXECUTION_ENV and
 * LAMBDA_TASK_ROOT are left out: when they are set, tracers expect an X-Ray daemon.
 */
export function runtimeEnvironment(
  functionName: string,
  memorySizeMb: number,
  urls: FunctionUrls,
  accessKeyId: string,
): Record<string, string> {
  return {
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_LAMBDA_FUNCTION_NAME: functionName,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(memorySizeMb),
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${functionName}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_ENDPOINT_URL_DYNAMODB: urls.dynamodb,
    AWS_ENDPOINT_URL_DYNAMODB_STREAMS: urls.dynamodb,
    AWS_ENDPOINT_URL_KINESIS: urls.kinesis,
    AWS_ENDPOINT_URL_KMS: urls.kms,
    AWS_ENDPOINT_URL_SQS: urls.queues,
    AWS_ENDPOINT_URL_S3: urls.s3,
    TZ: 'UTC',
  };
}
