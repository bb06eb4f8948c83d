import { BedrockRuntimeClient } from '@aws-sdk/client-bedrock-runtime';
import { clientSettings } from '../../../../../aws/client-settings.ts';

/** A client for Bedrock. A model needs seconds for a page. Two attempts are enough, because the upload is analyzed again later. */
export function bedrockClient(): BedrockRuntimeClient {
  return new BedrockRuntimeClient(clientSettings({ requestTimeoutMs: 25_000, maxAttempts: 2 }));
}
