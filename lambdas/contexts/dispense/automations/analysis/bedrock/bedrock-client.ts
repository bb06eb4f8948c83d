import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { clientSettings } from '../../../../../aws/client-settings.ts';
import { observed } from '../../../../../aws/observed-client.ts';

/**
 * A client for Bedrock, which answers when all of the answer is written: up to a minute for many drugs. The analyzer's own limit is
 * shorter. Two attempts are enough, because the upload is analyzed again later.
 */
export function bedrockClient(): BedrockRuntimeClient {
  return observed(new BedrockRuntimeClient(clientSettings({ requestTimeoutMs: 45_000, maxAttempts: 2 })));
}
