import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { categoryOfStream, idOfStream } from '../../lambdas/kernel/index.ts';
import { until } from '../support/until.ts';
import { type Exchange, fresh } from './asked.ts';
import { differencesOf } from './differences.ts';
import type { ApiRequest } from './direct-api.ts';
import { type OldAnswers, untilQueuesAreEmpty } from './old-writes.ts';
import { rowDifferences } from './row-differences.ts';
import type { Item, RunningSystem } from './running-system.ts';

/** A system of this checkout that runs over what an older one left. */
export interface Upgraded {
  readonly system: RunningSystem;
  readonly old: OldAnswers;
  /** The parked items that the old system left. */
  readonly parked: readonly Item[];
  /** The log lines of its functions so far, if they are known. */
  readonly logLines?: readonly string[];
  /** Starts the consumers, if they do not run yet. */
  readonly startConsumers?: () => Promise<void>;
}

const consumerDeadlineMs = 30_000;
/** The events that automations append, at any time. */
const automatic = new Set(['Metric:Expired', 'Dispense:PrescriptionAnalyzed', 'Dispense:AnalysisFailed']);

/** Specs of an upgrade, in their order: each continues where the one before ended. */
export function upgradeContract(title: string, upgraded: () => Upgraded): void {
  const call = (request: ApiRequest) => upgraded().system.call(request);

  describe(title, () => {
    it('answers every retried command of before as the first time', async () => {
      const { commands } = upgraded().old;
      expect(commands.length).toBeGreaterThan(50);
      const found: string[] = [];
      for (const { request, answer } of commands)
        found.push(...differencesOf(nameOf(request), answer, await call(request)));
      expect(found).toEqual([]);
    });

    it('answers every question about the past as before', async () => {
      const found: string[] = [];
      for (const { request, answer } of upgraded().old.past) {
        const now = await call(request);
        found.push(
          ...differencesOf(nameOf(request), withoutAutomations(answer.body), withoutAutomations(now.body)),
        );
      }
      expect(found).toEqual([]);
    });

    it('takes the cursors of before', async () => {
      const found: string[] = [];
      for (const { request, answer } of upgraded().old.pages)
        found.push(...differencesOf(nameOf(request), idsOf(answer.body), idsOf((await call(request)).body)));
      expect(found).toEqual([]);
    });

    it('handles what waits in the log, the stream and the queues, and what was given up', async () => {
      await upgraded().startConsumers?.();
      const { system } = upgraded();
      for (const { text } of await system.objects('FailuresBucket')) {
        const { requestContext, payload } = JSON.parse(text);
        const name = requestContext.functionArn.replace(/^.*:function:streamfold-local-/, '');
        expect(await system.invoke(name, JSON.parse(payload))).toEqual({ batchItemFailures: [] });
      }
      const messages = await system.takeMessages('TodoQueueFailures');
      expect(messages).toHaveLength(1);
      for (const text of messages) await system.sendMessage('TodoQueue', text);
      await untilQueuesAreEmpty(system);
    });

    it('takes back what was parked, and parks nothing else', async () => {
      const { system, parked } = upgraded();
      for (const name of ['ledger', 'metrics', 'dispense', 'todo'])
        await system.invoke(`${name}-projector`, { redrive: true });
      const subjects = (items: readonly Item[]) =>
        items.map(({ consumer, subject }) => `${consumer?.S} ${subject?.S}`).sort();
      const isStream = ({ subject }: Item) => subject?.S?.includes('/') === true;
      expect(parked.some(isStream)).toBe(true);
      // A projector that is new reads the event stream from its beginning, so it may park the records that no projector can read.
      const isOfNewProjector = (item: Item) => item.consumer?.S === 'person' && !isStream(item);
      // It may have done so before or after the old system's items were read.
      const ofOldOnes = (items: readonly Item[]) => subjects(items.filter((item) => !isOfNewProjector(item)));
      const left = await system.items('ControlParked');
      expect(ofOldOnes(left)).toEqual(ofOldOnes(parked.filter((item) => !isStream(item))));
    });

    it('has every row, line and list as the fold of its streams', () => untilRowsAreFolds());

    it('expires the target that was due', async () => {
      const { system } = upgraded();
      await system.invoke('metrics-sweeper', {});
      const stream = upgraded().old.commands.findLast(({ request }) => request.path.endsWith('/targets'));
      const path = `/streams${stream?.request.path.replace('/targets', '')}`;
      const { body } = await call({ method: 'GET', path });
      expect(typesOf(body).filter((type) => type === 'Metric:Expired')).toHaveLength(1);
    });

    it('has the documents', async () => {
      const rows = (await call({ method: 'GET', path: '/dispenses?limit=100' })).body as {
        items: Dispense[];
      };
      const withDocument = rows.items.filter(({ prescription }) => prescription !== undefined);
      expect(withDocument.length).toBeGreaterThan(2);
      for (const { id, prescription } of withDocument) {
        const { location } = await call({ method: 'GET', path: `/dispenses/${id}/prescription` });
        const document = await fetch(location ?? '');
        const hash = createHash('sha256')
          .update(await document.bytes())
          .digest('hex');
        expect(hash).toBe(prescription?.sha256);
      }
    });

    it('closes a review that was left open, when a person confirms the analysis', async () => {
      const reviews = async (status: string) =>
        itemsOf((await call({ method: 'GET', path: `/todos?kind=review-analysis&status=${status}` })).body);
      const [review, ...more] = (await reviews('open')) ?? [];
      expect([review?.subject, more]).toEqual([expect.stringMatching(/^dispense\//), []]);
      const { body } = await call({ method: 'GET', path: `/streams/${review?.subject}` });
      const failed = itemsOf(body)?.find(({ type }) => type === 'Dispense:AnalysisFailed');
      const path = `/${review?.subject?.replace('dispense', 'dispenses')}/analysis/confirm`;
      const analysis = failed?.data?.uploadEventId;
      expect(await call({ method: 'POST', path, body: { analysis } })).toMatchObject({ status: 200 });
      await until(
        () => reviews('closed'),
        (closed) => closed?.some(({ id }) => id === review?.id) === true,
      );
    });

    it('carries out a new command on every stream, or refuses it as ended', async () => {
      const { system } = upgraded();
      const streams = new Set((await system.items('EventLogTable')).map(({ stream }) => stream?.S ?? ''));
      const answers = new Map<string, number>();
      for (const stream of streams) {
        const { status } = await call(newCommand(stream));
        answers.set(stream, status);
      }
      const ended = [...answers].filter(([, status]) => status === 409).map(([stream]) => stream);
      expect([...answers].filter(([, status]) => status !== 200 && status !== 409)).toEqual([]);
      expect(ended.map(categoryOfStream).sort()).toEqual(['dispense', 'dispense', 'ledger', 'metrics']);
      await untilRowsAreFolds();
    });

    it('uses the snapshots of before', async () => {
      const { system, logLines = [] } = upgraded();
      expect((await system.items('EventLogSnapshots')).length).toBeGreaterThan(3);
      expect(logLines.filter((line) => line.includes('A snapshot cannot be used'))).toEqual([]);
    });
  });

  async function untilRowsAreFolds(): Promise<void> {
    const { system } = upgraded();
    await until(
      () => rowDifferences(system),
      (differences) => differences.length === 0,
      consumerDeadlineMs,
    );
  }
}

interface Dispense {
  readonly id: string;
  readonly prescription?: { readonly sha256: string };
}

function nameOf({ method, path, caller = 'nobody' }: Exchange['request']): string {
  return `${method} ${path} of ${caller}`;
}

/** An answer without the events that automations have added. A retry that added an event stays visible. */
function withoutAutomations(answer: unknown): unknown {
  const items = itemsOf(answer);
  if (items === undefined) return answer;
  return { ...(answer as object), items: items.filter(({ type = '' }) => !automatic.has(type)) };
}

/** An item of any list. Only events have a type. */
interface ListItem {
  readonly id?: string;
  readonly type?: string;
  readonly data?: { readonly uploadEventId?: string };
  /** Of open work. */
  readonly subject?: string;
}

function itemsOf(body: unknown): readonly ListItem[] | undefined {
  return (body as { items?: readonly ListItem[] } | null)?.items;
}

function idsOf(body: unknown): unknown {
  return itemsOf(body)?.map(({ id }) => id) ?? body;
}

function typesOf(body: unknown): string[] {
  return (body as { items: { type: string }[] }).items.map(({ type }) => type);
}

/** A command that a stream of this category accepts until it has ended. */
function newCommand(stream: string): ApiRequest {
  const id = idOfStream(stream);
  switch (categoryOfStream(stream)) {
    case 'ledger':
      return { method: 'POST', path: `/ledger/${id}/credits`, body: { amount: 100 }, headers: fresh };
    case 'metrics':
      return { method: 'POST', path: `/metrics/${id}/values`, body: { value: 1 } };
    case 'dispense':
      return { method: 'POST', path: `/dispenses/${id}/cancel`, body: { reason: 'The upgrade is tested' } };
    default:
      throw new Error(`Add a command on ${stream} to this spec.`);
  }
}
