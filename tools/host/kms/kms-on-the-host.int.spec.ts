import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DecryptCommand, GenerateDataKeyCommand, KMSClient } from '@aws-sdk/client-kms';
import { afterEach, expect, it } from '@jest/globals';
import { writeApp } from '../../../test/support/app-fixture.ts';
import { startHost } from '../host.ts';

const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

/** A host with a key, an alias of it, and a function that knows the ARN of the key. */
async function hostWithKey(persistFolder: string) {
  const arn = { 'Fn::GetAtt': ['Key', 'Arn'] };
  const answersItsSettings = {
    source:
      'exports.handler = async () => ({ arn: process.env.KEY_ARN, endpoint: process.env.AWS_ENDPOINT_URL_KMS })',
    properties: { Environment: { Variables: { KEY_ARN: arn } } },
  };
  const app = writeApp(
    { answersItsSettings },
    {
      Key: { Type: 'AWS::KMS::Key', Properties: { KeyPolicy: {}, EnableKeyRotation: true } },
      Alias: { Type: 'AWS::KMS::Alias', Properties: { AliasName: 'alias/app/keys', TargetKeyId: arn } },
    },
  );
  cleanups.push(() => app.remove());
  const host = await startHost({ httpPort: 0, awsPort: 0, assemblyFolder: app.folder, persistFolder });
  cleanups.push(() => host.stop());
  const kms = new KMSClient({
    endpoint: host.awsUrl,
    region: 'us-east-1',
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
  cleanups.push(() => kms.destroy());
  const invoked = await fetch(`${host.awsUrl}/2015-03-31/functions/answersItsSettings/invocations`, {
    method: 'POST',
  });
  return { host, kms, settings: (await invoked.json()) as { arn: string; endpoint: string } };
}

it('the keys of the template work at the port of the AWS APIs, and after a restart with the same folder', async () => {
  const persistFolder = mkdtempSync(join(tmpdir(), 'streamfold-data-'));
  cleanups.push(() => rmSync(persistFolder, { recursive: true }));
  const EncryptionContext = { subject: 'dispense/1' };
  const first = await hostWithKey(persistFolder);
  expect(first.settings.endpoint).toBe(first.host.awsUrl);
  const generate = { KeyId: 'alias/app/keys', KeySpec: 'AES_256', EncryptionContext } as const;
  const { CiphertextBlob, Plaintext, KeyId } = await first.kms.send(new GenerateDataKeyCommand(generate));
  expect(KeyId).toBe(first.settings.arn);
  await first.host.stop();
  expect(statSync(join(persistFolder, 'kms-master-key')).mode & 0o777).toBe(0o600);

  const second = await hostWithKey(persistFolder);
  const decrypt = new DecryptCommand({ CiphertextBlob, EncryptionContext, KeyId: second.settings.arn });
  expect((await second.kms.send(decrypt)).Plaintext).toEqual(Plaintext);
  const elsewhere = new DecryptCommand({ CiphertextBlob, EncryptionContext: { subject: 'dispense/2' } });
  await expect(second.kms.send(elsewhere)).rejects.toMatchObject({ name: 'InvalidCiphertextException' });

  const headers = { 'x-amz-target': 'TrentService.CreateKey' };
  const unknown = await fetch(second.host.awsUrl, { method: 'POST', headers, body: '{}' });
  expect([unknown.status, await unknown.json()]).toEqual([
    400,
    {
      __type: 'UnknownOperationException',
      message: expect.stringMatching(
        /^The KMS of the local host has no CreateKey\. It has GenerateDataKey, /,
      ),
    },
  ]);
});
