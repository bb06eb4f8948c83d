import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';

/** Timeout of one call. A model needs seconds for a page. */
const requestTimeoutMs = 25_000;

/** A client with timeouts. The SDK repeats a failed call once; after that, the queue delivers the message again. */
export function bedrockClient(): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    maxAttempts: 2,
    requestHandler: new NodeHttpHandler({
      connectionTimeout: 1_000,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    }),
  });
}
