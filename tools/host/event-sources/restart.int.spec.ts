import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type AppFixture, writeApp } from '../../../test/support/app-fixture.ts';
import * as fixture from '../../../test/support/consumer-fixture.ts';
import { until } from '../../../test/support/until.ts';
import { awsClient } from '../aws-json.ts';
import { silentConsole } from '../console.ts';
import { type Host, startHost } from '../host.ts';

const cleanups: (() => unknown)[] = [];
let app: AppFixture;
let data: string;
let file: string;
let warnings: string[];
beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'streamfold-restart-'));
  cleanups.push(() => rmSync(folder, { recursive: true, force: true }));
  data = join(folder, 'data');
  file = join(folder, 'records');
  warnings = [];
  app = writeApp(
    { consumer: fixture.recorder(file) },
    {
      Table: fixture.table,
      Stream: fixture.stream,
      FromTable: fixture.mapping(fixture.tableStream),
      FromStream: fixture.mapping(fixture.streamArn),
    },
  );
  cleanups.push(() => app.remove());
});
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function start(): Promise<Host> {
  const console = { ...silentConsole, warn: (line: string) => void warnings.push(line) };
  const host = await startHost({
    httpPort: 0,
    awsPort: 0,
    assemblyFolder: app.folder,
    persistFolder: data,
    console,
  });
  cleanups.push(() => host.stop());
  return host;
}

/** Puts an item of that id and sends a record of that text. */
async function feed(host: Host, name: string): Promise<void> {
  await fixture.put(awsClient(host.awsUrl, 'dynamodb'), name);
  await fixture.send(awsClient(host.awsUrl, 'kinesis'), name);
}

/** What the function has received from the table and from the stream, in order. */
function received() {
  const records = fixture.invocationsIn(file).flat();
  return {
    items: records.flatMap((it) => it.dynamodb?.NewImage.id.S ?? []),
    texts: records.flatMap((it) => (it.kinesis ? Buffer.from(it.kinesis.data, 'base64').toString() : [])),
  };
}

const untilReceived = (name: string) =>
  until(received, ({ items, texts }) => items.includes(name) && texts.includes(name));

/** Feeds `a` to a first host and stops it. `meanwhile` changes its data. Then feeds `b` to a second host on that data. */
async function restart(meanwhile: () => unknown) {
  const first = await start();
  await feed(first, 'a');
  await untilReceived('a');
  await first.stop();
  await meanwhile();
  await feed(await start(), 'b');
  await untilReceived('b');
  return received();
}

/** Sequence numbers start with the second in which their stream was created: streams of one second share positions. */
function nextSecond(): Promise<number> {
  const second = Math.floor(Date.now() / 1_000);
  return until(
    () => Math.floor(Date.now() / 1_000),
    (now) => now > second,
  );
}

describe('after a restart, reading continues', () => {
  it('at its last position', async () => {
    expect(await restart(() => undefined)).toEqual({ items: ['a', 'b'], texts: ['a', 'b'] });
    expect(warnings).toEqual([]);
  });

  it('from the beginning of a new table, even if the old one was read further', async () => {
    const { items } = await restart(() => rmSync(join(data, 'dynamodb'), { recursive: true }));
    expect(items).toEqual(['a', 'b']);
    expect(warnings).toEqual([]);
  });

  it('from the beginning of a new stream, with a warning', async () => {
    const { texts } = await restart(() => {
      rmSync(join(data, 'kinesis'), { recursive: true });
      return nextSecond();
    });
    expect(texts).toEqual(['a', 'b']);
    expect(warnings).toEqual([
      expect.stringMatching(/^consumer reads \S+stream\/stream from its beginning: [^\n]+$/),
    ]);
  });

  it('from the beginning when a checkpoint file is incomplete, with a warning', async () => {
    const torn = join(data, 'checkpoints/FromStream.json');
    const { texts } = await restart(() => writeFileSync(torn, '{"source":"arn:'));
    expect(texts).toEqual(['a', 'a', 'b']);
    expect(warnings).toEqual([expect.stringContaining(torn)]);
  });
});
