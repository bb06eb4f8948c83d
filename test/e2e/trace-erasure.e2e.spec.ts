import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { foundSpans, newTrace } from '../support/host-traces.ts';
import { httpClient } from '../support/http-client.ts';
import { Persons } from '../support/persons.ts';
import { spansBelow, treeOf } from '../support/spans.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const deadlineMs = 180_000;
const patient = { name: 'Xanthe Quillfeather', birthDate: '1961-07-03', identifier: 'XQ 7351' };

let host: TestHost;
beforeAll(async () => {
  host = await startTestHost();
}, deadlineMs);
afterAll(() => host?.stop());

const call = httpClient(() => host.httpUrl);
const persons = new Persons(call);

/** The spans of a trace below those with this name, without calls of AWS. */
async function stepsBelow(traceId: string, name: string): Promise<string[]> {
  const spans = await foundSpans(host, { trace: traceId });
  const roots = spans.filter((span) => span.traceId === traceId && span.name === name);
  return roots.flatMap((root) => treeOf(spansBelow(spans, root).filter(({ kind }) => kind !== 'client')));
}

const command = (stream: 'dispense' | 'person') => [
  '  hydrate (person-eraser, internal)',
  '  decide (person-eraser, internal)',
  '  append (person-eraser, internal)',
  '    publish event-stream (publisher, producer)',
  `      project ${stream} (${stream}-projector, consumer)`,
  ...(stream === 'person'
    ? []
    : ['    publish todo (publisher, producer)', '      project todo-dispense (todo-projector, consumer)']),
];

it(
  'a person is indexed in the trace of the patient, and erased in the trace of the request, with every stream',
  async () => {
    const [added, erased] = [newTrace(), newTrace()];
    const send = (path: string, body: object | undefined, { traceparent }: { traceparent?: string } = {}) =>
      call('POST', path, body, { 'idempotency-key': randomUUID(), ...(traceparent && { traceparent }) });
    const id = String((await send('/dispenses', undefined)).body['id']);
    await send(`/dispenses/${id}/patient`, patient, added);
    const personId = await persons.found(patient.identifier);
    await send(`/persons/${personId}/erase`, { legalGround: 'objection' }, erased);
    await persons.erased(personId);

    const indexed = ['index (person-indexer, consumer)'];
    const steps = ['erase (person-eraser, consumer)', ...command('dispense'), ...command('person')];
    const look = async () => [
      await stepsBelow(added.traceId, 'index'),
      await stepsBelow(erased.traceId, 'erase'),
    ];
    // Not all spans have arrived: the comparison shows which are missing.
    await until(look, ([, lines]) => (lines?.length ?? 0) >= steps.length).catch(() => undefined);
    expect(await look()).toEqual([indexed, steps]);
  },
  deadlineMs,
);
