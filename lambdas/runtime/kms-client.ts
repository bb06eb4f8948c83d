import { KMSClient } from '@aws-sdk/client-kms';
import { clientSettings } from '../aws/client-settings.ts';
import { observed } from '../aws/observed-client.ts';

// The two commands that are used: a bundle then has no others.
export { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';

/** A client for KMS. An attempt times out after 3 s. */
export function kmsClient(): KMSClient {
  return observed(new KMSClient(clientSettings({ requestTimeoutMs: 3_000 })));
}
