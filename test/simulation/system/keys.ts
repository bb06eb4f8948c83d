import { DecryptCommand, GenerateDataKeyCommand } from '@aws-sdk/client-kms';
import type { SubjectKeys } from '../../../lambdas/kernel/index.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import type { Instance } from '../world/instance.ts';

/** The keys of subjects of one instance, with its cache. */
export function keysOf({ clients: { kms } }: Instance, platform: build.Platform): SubjectKeys {
  const commands = { client: kms, DecryptCommand, GenerateDataKeyCommand };
  return build.subjectKeys(platform, async () => commands);
}
