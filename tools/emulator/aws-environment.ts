import { credentials, region } from '../host/aws-json.ts';

/**
 * The environment of a program that must call an emulator and never AWS. It does not contain the caller's AWS settings:
 * profile, credentials, an option to ignore endpoints.
 * @param endpoint where the emulator answers, such as `http://localhost:4566`
 */
export function emulatorEnvironment(
  endpoint: string,
  environment: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
  return {
    ...withoutAws(environment),
    AWS_ENDPOINT_URL: endpoint,
    // The CDK CLI reads these two. Without them it puts the bucket into the host name, which cannot be resolved.
    AWS_ENDPOINT_URL_S3: endpoint,
    AWS_ENDPOINT_URL_STS: endpoint,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    // Replace the caller's files, which may name other endpoints.
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    // A proxy cannot reach this machine's ports.
    ...unproxied(new URL(endpoint).hostname, environment),
  };
}

/** The variables that exclude a host from the proxy, in addition to those already excluded. Programs read either one. */
function unproxied(host: string, { NO_PROXY, no_proxy }: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const hosts = [no_proxy ?? NO_PROXY, host].filter(Boolean).join(',');
  return { NO_PROXY: hosts, no_proxy: hosts };
}

/** An environment without the settings for AWS and the CDK, and without the options for this Node process. */
export function withoutAws(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const others = Object.entries(environment).filter(([name]) => !/^AWS_|^CDK_|^NODE_OPTIONS$/.test(name));
  return Object.fromEntries(others);
}
