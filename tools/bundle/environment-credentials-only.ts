import type { Plugin } from 'esbuild';

/** The SDK's credential providers other than the environment's, and the clients of STS and SSO that some of them use. */
const elsewhere =
  /^(@(aws-sdk|smithy)\/credential-provider-(http|imds|ini|login|process|sso|web-identity)|@aws-sdk\/nested-clients\/.+)$/;

/**
 * Removes all credential providers except the environment's from a bundle. They are a third of a client's size. Lambda puts
 * the role's credentials into the environment, so SSO, profiles, processes, web identities and metadata servers are not
 * needed. Without credentials in the environment, the first other provider that the SDK loads throws an error that says so.
 */
export function environmentCredentialsOnly(): Plugin {
  const namespace = 'left-out-credentials';
  return {
    name: 'environment-credentials-only',
    setup(build) {
      build.onResolve({ filter: elsewhere }, ({ path }) => ({ path, namespace }));
      build.onLoad({ filter: /./, namespace }, () => ({
        // The SDK imports them only when the environment has no credentials.
        contents: `throw new Error('No AWS credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');`,
      }));
    },
  };
}
