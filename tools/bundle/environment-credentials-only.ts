import type { Plugin } from 'esbuild';

/**
 * The SDK's providers that look elsewhere than in the environment; its default chain imports them one after another,
 * and the clients of STS and SSO that some look with.
 */
const elsewhere =
  /^(@(aws-sdk|smithy)\/credential-provider-(http|imds|ini|login|process|sso|web-identity)|@aws-sdk\/nested-clients\/.+)$/;

/**
 * Leaves out of a bundle every way the SDK knows to find credentials but the environment's, a third of a client's
 * size: Lambda hands a function its role's credentials there, and never needs SSO, profiles, processes, web identities
 * or metadata servers. Where the environment holds none, the SDK's first look elsewhere says so.
 */
export function environmentCredentialsOnly(): Plugin {
  const namespace = 'left-out-credentials';
  return {
    name: 'environment-credentials-only',
    setup(build) {
      build.onResolve({ filter: elsewhere }, ({ path }) => ({ path, namespace }));
      build.onLoad({ filter: /./, namespace }, () => ({
        // They are imported late, when the environment held nothing.
        contents: `throw new Error('No AWS credentials in the environment: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.');`,
      }));
    },
  };
}
