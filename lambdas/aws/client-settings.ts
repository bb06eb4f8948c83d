import { NodeHttpHandler } from '@smithy/node-http-handler';

/** The settings that differ between AWS clients. */
export interface ClientSettingsOptions {
  /** Timeout of one attempt, in ms. */
  readonly requestTimeoutMs: number;
  /** Attempts per call, the first one included. Default: 4. */
  readonly maxAttempts?: number;
}

/** The settings that all AWS clients share: bounded attempts, and timeouts for connections (1 s) and requests. */
export function clientSettings({ requestTimeoutMs, maxAttempts = 4 }: ClientSettingsOptions) {
  return {
    maxAttempts,
    // HTTP/1.1, which every endpoint speaks. The SDK's default for Kinesis is HTTP/2.
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  };
}
