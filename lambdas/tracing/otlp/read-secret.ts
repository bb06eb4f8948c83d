import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { clientSettings } from '../../aws/client-settings.ts';

/** Reads the text of a secret. Takes at most a second. */
export function secretReader(arn: string): () => Promise<string | undefined> {
  // arn:aws:secretsmanager:<region>:<account>:secret:<name>
  const [, , , region] = arn.split(':');
  const client = new SecretsManagerClient({
    ...clientSettings({ requestTimeoutMs: 1_000, maxAttempts: 1 }),
    ...(region && { region }),
  });
  return async () => (await client.send(new GetSecretValueCommand({ SecretId: arn }))).SecretString;
}
