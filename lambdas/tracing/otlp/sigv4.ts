import { Hash } from '@smithy/hash-node';
import type { HttpRequest } from '@smithy/protocol-http';
import { SignatureV4 } from '@smithy/signature-v4';
import { ExportFailure } from './export-failure.ts';
import type { Authorization } from './otlp-exporter.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The service of CloudWatch's OTLP endpoint for traces. */
const service = 'xray';

/** Signs requests for AWS by the role of the function. Lambda puts its credentials into the environment. */
export function sigV4(env: Environment, region: string): Authorization {
  const signer = new SignatureV4({
    service,
    region,
    sha256: Hash.bind(null, 'sha256'),
    credentials: async () => credentialsOf(env),
  });
  return {
    authorize: async (request) => (await signer.sign(request)) as HttpRequest,
    refused: () => undefined,
  };
}

function credentialsOf(env: Environment) {
  const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN } = env;
  if (!AWS_ACCESS_KEY_ID || !AWS_SECRET_ACCESS_KEY) {
    throw new ExportFailure('There are no AWS credentials in the environment to sign requests with.');
  }
  return {
    accessKeyId: AWS_ACCESS_KEY_ID,
    secretAccessKey: AWS_SECRET_ACCESS_KEY,
    ...(AWS_SESSION_TOKEN && { sessionToken: AWS_SESSION_TOKEN }),
  };
}
