import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { clientSettings } from '../../lambdas/aws/client-settings.ts';
import type { SubjectKeys } from '../../lambdas/kernel/index.ts';
import { subjectKeys } from '../../lambdas/runtime/adapters.ts';
import { nodeEffects } from '../../lambdas/runtime/node-effects.ts';
import { tables } from '../../test/support/test-dynamodb.ts';
import { credentials, region } from '../../tools/host/aws-json.ts';
import { kmsListener } from '../../tools/host/kms/kms-listener.ts';
import { LocalKms } from '../../tools/host/kms/local-kms.ts';
import { newMasterKey } from '../../tools/host/kms/master-key.ts';

/** KMS as the host has it, in this process, and the keys of subjects that functions have with it. */
export interface LocalKeys extends Disposable {
  /** Keys with an empty cache: those of a function that has just started. */
  cold(): SubjectKeys;
  /** Number of calls of KMS so far. */
  readonly calls: number;
}

export async function openLocalKeys(client: DynamoDBClient): Promise<LocalKeys> {
  const kms = new LocalKms(newMasterKey());
  const { arn } = kms.createKey('bench', '');
  const listener = kmsListener(kms);
  let calls = 0;
  const server = createServer((request, response) => {
    calls += 1;
    return listener(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const kmsClient = new KMSClient({
    ...clientSettings({ requestTimeoutMs: 3_000 }),
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    region,
    credentials,
  });
  const env = { SUBJECT_KEY_TABLE: tables.subjectKeys.name, SUBJECT_KMS_KEY_ARN: arn };
  const load = async () => ({ client: kmsClient, DecryptCommand, GenerateDataKeyCommand });
  return {
    cold: () => subjectKeys({ client, env, effects: nodeEffects }, load),
    get calls() {
      return calls;
    },
    [Symbol.dispose]: () => {
      kmsClient.destroy();
      server.closeAllConnections();
      server.close();
    },
  };
}
