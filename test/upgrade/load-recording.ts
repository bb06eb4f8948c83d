import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { awsClient } from '../../tools/host/aws-json.ts';
import { Checkpoints } from '../../tools/host/event-sources/checkpoints.ts';
import { dynamodbSource } from '../../tools/host/event-sources/dynamodb-source.ts';
import { startHost } from '../../tools/host/host.ts';
import { readAssembly } from '../../tools/host/template/assembly.ts';
import { synthesize } from '../../tools/host/template/synthesize.ts';
import { appForPhase } from './phase-app.ts';
import { type Recording, recordsAfter } from './recording.ts';
import { RunningSystem } from './running-system.ts';

const root = join(import.meta.dirname, '../..');

/** Fills the folder of a host, with the stores of this checkout, as if an older host had used it. */
export async function loadRecording(recording: Recording, dataFolder: string): Promise<void> {
  const assembly = await synthesize(root);
  const stopped = await appForPhase(assembly, 'nothing runs');
  const host = await startHost({
    httpPort: 0,
    awsPort: 0,
    assemblyFolder: stopped,
    persistFolder: dataFolder,
  });
  const system = new RunningSystem(host.awsUrl);
  try {
    const { items, records, messages, objects } = recording;
    for (const { table, item, isUnread } of items) if (!isUnread) await system.putItem(table, item);
    await markAsPublished(system, assembly, dataFolder);
    for (const { table, item, isUnread } of items) if (isUnread) await system.putItem(table, item);
    for (const { partitionKey, text } of records) await system.putRecord(partitionKey, text);
    for (const { queue, text } of messages) await system.sendMessage(queue, text);
    for (const object of objects) await system.putObject(object);
  } finally {
    system.close();
    await host.stop();
    await rm(stopped, { recursive: true, force: true });
  }
}

/** Sets the checkpoint of the publisher to the end of the log's stream. */
async function markAsPublished(system: RunningSystem, assembly: string, dataFolder: string): Promise<void> {
  const mappings = Object.entries(readAssembly(assembly).template.Resources ?? {}).filter(
    ([id, { Type }]) => Type === 'AWS::Lambda::EventSourceMapping' && id.startsWith('Publisher'),
  );
  const { Table } = await awsClient(system.awsUrl, 'dynamodb').call<{ Table: { LatestStreamArn: string } }>(
    'DescribeTable',
    { TableName: await system.tableName('EventLogTable') },
  );
  const source = dynamodbSource(system.streams, Table.LatestStreamArn);
  for (const [id] of mappings) {
    const checkpoints = new Checkpoints({
      id,
      sourceArn: Table.LatestStreamArn,
      folder: join(dataFolder, 'checkpoints'),
      warn: () => undefined,
    });
    for (const shard of await source.listShards()) {
      const last = (await recordsAfter(source, shard.id, undefined)).at(-1);
      if (last !== undefined) await checkpoints.set(shard.id, last.sequenceNumber);
    }
  }
}
