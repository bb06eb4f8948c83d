import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestDynamoDB, type TestDynamoDB } from '../../../test/support/test-dynamodb.ts';
import type { StreamName } from '../commit.ts';
import type { Item } from '../dynamodb/dynamodb-batches.ts';
import { versionKey } from '../projection.ts';
import { Projector } from '../projector.ts';
import { tallyProjection } from '../testing/read-model.contract.ts';
import { methodsOf, tallyRows } from '../testing/tally-rows.fixture.ts';
import { examineStream, repairTarget } from './repair-stream.ts';
import type { AnyTarget } from './verified-target.ts';
import { verifyStream } from './verify-stream.ts';

/** Each line has the total after its event, so a fold from a damaged row makes wrong lines. */
const runningTotals: typeof tallyProjection = {
  ...tallyProjection,
  project: (before, event) => {
    const { row, line } = tallyProjection.project(before, event);
    return { row, line: line && { ...line, line: { amount: row.total } } };
  },
};
const projections = [
  // The projector of the later event writes its line again.
  ['are written once', runningTotals, 6],
  // A line is not replaced by one of the same version.
  ['change', { ...runningTotals, changingLines: { listKeys: () => ({}) } }, 7],
] as const;

let dynamodb: TestDynamoDB;
beforeAll(async () => {
  dynamodb = await startTestDynamoDB();
});
afterAll(() => dynamodb.stop());

describe.each(projections)(
  'a projector of lines that %s, and had loaded a damaged row',
  (...[, projection, wrong]) => {
    let tally: ReturnType<typeof tallyRows>;
    let id: string;
    let stream: StreamName;
    /** A stream of 5 events, and its row. */
    beforeEach(async () => {
      tally = tallyRows(dynamodb.client, projection);
      id = randomUUID();
      stream = `counter/${id}`;
      await tally.append(stream, 1, 5);
      await tally.project(stream, 5);
    });

    const verify = () => verifyStream(tally.sources, tally.target, stream);
    const repair = async (target: AnyTarget = tally.target) => {
      const { fields, lines } = await examineStream(tally.sources, target, stream);
      await repairTarget(tally.sources, target, stream);
      return { fields, lines };
    };
    const damageRow = (more: Item = {}) =>
      tally.damage(id, 'row', (item) => ({
        ...item,
        data: { S: JSON.stringify({ id, total: 70 }) },
        ...more,
      }));

    /** Starts a projector, and holds it when it has loaded the row. Returns what lets it go on, to its end. */
    const startProjector = async (reachedVersion: number) => {
      const loaded = Promise.withResolvers<void>();
      const gate = Promise.withResolvers<void>();
      const { log, parkingLot, effects, readModel } = tally;
      const projector = new Projector({
        ...{ projection, log, parkingLot, effects },
        readModel: {
          load: async (ids) => {
            const rows = await readModel.load(ids);
            loaded.resolve();
            await gate.promise;
            return rows;
          },
          save: (change) => readModel.save(change),
        },
      });
      const projecting = projector.project([{ stream, commits: [], reachedVersion }]);
      await loaded.promise;
      return async () => {
        gate.resolve();
        expect(await projecting).toMatchObject({ projected: 1 });
      };
    };

    it('writes from it after the repair has ended, and a second repair mends that', async () => {
      await damageRow();
      await tally.append(stream, 6);
      const goOn = await startProjector(6);
      expect(await repair()).toEqual({ fields: ['total'], lines: 0 });
      expect(await verify()).toMatchObject({ outcome: 'same', version: 6 });
      await tally.append(stream, 7);
      await goOn();
      await tally.project(stream, 7);
      expect(await tally.readModel.find(id)).toMatchObject({ version: 7, row: { total: 7 } });
      const found = { fields: ['(entry)'], lines: 1 };
      expect(await verify()).toMatchObject({ outcome: 'differs', ...found });
      const { lines } = await tally.readModel.lines(id, { order: 'ascending', limit: 10 });
      expect(lines.find(({ line }) => line.amount > 7)).toMatchObject({ key: versionKey(wrong) });

      expect(await repair()).toEqual(found);
      expect(await verify()).toEqual({ outcome: 'same', fields: [], lines: 0, version: 7, events: 7 });
      expect(await repair()).toEqual({ fields: [], lines: 0 });
    });

    it('cannot save its row when the stream comes to the version that the damaged one had', async () => {
      await damageRow({ version: { N: '7' } });
      const replace: typeof tally.rows.replace = async (rowId, before, after) => {
        if (after?.part !== 'row' || after.version !== 5) return tally.rows.replace(rowId, before, after);
        await tally.append(stream, 6, 2);
        await tally.append(stream, 8);
        const goOn = await startProjector(8);
        expect(await tally.rows.replace(rowId, before, after)).toBe('replaced');
        const atSeven = { id, version: 7, row: { id, total: 7 }, lines: [] };
        expect(await tally.saveRowAlone({ ...atSeven, expectedVersion: 5 })).toBe('saved');
        await goOn();
        expect(await tally.readModel.find(id)).toMatchObject({ version: 8, row: { total: 71 } });
        return 'replaced';
      };
      await repair({ ...tally.target, rows: { ...methodsOf(tally.rows), replace } });
      expect(await verify()).toMatchObject({ outcome: 'same', version: 8 });
    });
  },
);
