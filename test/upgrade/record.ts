import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '../../tools/host/command.ts';
import { UserError } from '../../tools/host/user-error.ts';
import { whyNoBaseline } from './baseline.ts';
import { onOldHost } from './old-host.ts';
import { writeEverywhere } from './old-writes.ts';
import { record, writeRecording } from './recording.ts';

/** `npm run record:upgrade`: runs the old system of `baseline.json` and records what it leaves, for `recorded.e2e.spec.ts`. */
async function main(): Promise<void> {
  const missing = whyNoBaseline();
  if (missing !== undefined) throw new UserError(missing);
  const folder = await mkdtemp(join(tmpdir(), 'streamfold-record-'));
  try {
    const inPhase = onOldHost(folder);
    const answers = await writeEverywhere(inPhase);
    await inPhase('nothing runs', async (system) => {
      const recording = await record(system, folder, answers);
      writeRecording(recording);
      const { items, records, messages, objects } = recording;
      console.log(
        `Recorded ${items.length} items, ${records.length} records, ${messages.length} messages and ${objects.length} objects.`,
      );
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

await runCommand(main);
