import { expect, it } from '@jest/globals';
import { createCursors } from '../../../http/cursor.ts';
import { MemoryEventLog } from '../../../kernel/memory/index.ts';
import { commitAt, FixedKeys } from '../../../kernel/testing/index.ts';
import { memoryPersons } from '../../persons.fixture.ts';
import { exportPage } from './export-page.ts';

it('goes on in the middle of a commit: each event is in the export once', async () => {
  const log = new MemoryEventLog();
  for (const version of [1, 4, 7]) await log.append([commitAt('test/a', version, 3)]);
  const known = memoryPersons(() => 'default');
  known.add({ personId: 'jane', streams: ['test/a'] });
  const sizeBytes = 1_200_000;
  const document = { contentType: 'text/plain', sizeBytes, read: async () => Buffer.alloc(sizeBytes) };
  const side = {
    log,
    keys: new FixedKeys(),
    cursors: createCursors(Buffer.alloc(32, 7)),
    persons: known.persons,
    exports: [
      {
        category: 'test',
        rowOf: async () => ({}),
        isErased: async () => false,
        documentsOf: () => [document],
      },
    ],
  };
  const versions: number[][] = [];
  let place: Parameters<typeof exportPage>[3];
  do {
    const { streams, next } = await exportPage(side, 'jane', '2026-01-02T03:04:05.678Z', place);
    versions.push(streams.flatMap(({ events }) => events.map(({ version }) => version)));
    place = next;
  } while (place !== undefined && versions.length < 10);
  expect(versions).toEqual([[1, 2], [3, 4], [5, 6], [7, 8], [9]]);
});
