import { expect, it } from '@jest/globals';
import { emulatorEnvironment } from './aws-environment.ts';

it('removes every setting that points to AWS itself', () => {
  const own = {
    PATH: '/bin',
    NODE_OPTIONS: '--inspect',
    AWS_PROFILE: 'production',
    AWS_ACCESS_KEY_ID: 'AKIAREAL',
    AWS_SESSION_TOKEN: 'real',
    AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true',
    AWS_ENDPOINT_URL_DYNAMODB: 'https://dynamodb.eu-central-1.amazonaws.com',
  };
  expect(emulatorEnvironment('http://localhost:4566', own)).toEqual({
    PATH: '/bin',
    AWS_ENDPOINT_URL: 'http://localhost:4566',
    AWS_ENDPOINT_URL_S3: 'http://localhost:4566',
    AWS_ENDPOINT_URL_STS: 'http://localhost:4566',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_CONFIG_FILE: '/dev/null',
    AWS_SHARED_CREDENTIALS_FILE: '/dev/null',
    AWS_EC2_METADATA_DISABLED: 'true',
    NO_PROXY: 'localhost',
    no_proxy: 'localhost',
  });
});

it('excludes the emulator from the proxy, and keeps earlier exclusions', () => {
  const environment = emulatorEnvironment('http://devbox:4566', {
    HTTP_PROXY: 'http://proxy.example.com:3128',
    NO_PROXY: '.example.com',
  });
  expect(environment).toMatchObject({
    HTTP_PROXY: 'http://proxy.example.com:3128',
    NO_PROXY: '.example.com,devbox',
    no_proxy: '.example.com,devbox',
  });
});

it("removes the CDK CLI's options, which the CLI reads from the environment too", () => {
  const environment = emulatorEnvironment('http://localhost:4566', { CDK_PROFILE: 'production' });
  expect(environment).not.toHaveProperty('CDK_PROFILE');
});
