import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { awsClient } from '../../tools/host/aws-json.ts';
import { accepted, CanaryCaller, canaryDrug, namelessText } from '../support/canary.ts';
import { commitsOf, eventsOf } from '../support/forged-commit.ts';
import { httpClient } from '../support/http-client.ts';
import { InsideHost } from '../support/inside-host.ts';
import { type KillingGate, killingGate } from '../support/killing-gate.ts';
import { Persons } from '../support/persons.ts';
import { documentPlaces } from '../support/stored-bytes.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';

const eraser = 'streamfold-local-person-eraser';
/** More than an erasure makes. */
const mostCalls = 100;

describe('an eraser that is killed', () => {
  let host: TestHost;
  let gate: KillingGate;
  let inside: InsideHost;
  const call = httpClient(() => host.httpUrl);
  const caller = new CanaryCaller(call, () => host.httpUrl);
  const persons = new Persons(call);
  beforeAll(async () => {
    gate = killingGate(eraser, () => host.killRunning(eraser));
    host = await startTestHost({ interceptCalls: gate.interceptCalls });
    inside = new InsideHost(host);
    await hideReceivedFor(2);
  }, 120_000);
  afterAll(() => host?.stop());

  /** How long the queue of erasures hides what it has delivered. On AWS it is longer than the function may run. */
  async function hideReceivedFor(seconds: number): Promise<void> {
    const sqs = awsClient(host.awsUrl, 'sqs');
    const { QueueUrls } = await sqs.call<{ QueueUrls: string[] }>('ListQueues', {});
    const QueueUrl = QueueUrls.find((url) => /ErasuresQueue[0-9A-F]{8}$/.test(url));
    await sqs.call('SetQueueAttributes', { QueueUrl, Attributes: { VisibilityTimeout: String(seconds) } });
  }

  const typesOf = async (stream: string) =>
    (await commitsOf(inside, stream)).flatMap(eventsOf).map(({ type }) => type);

  /** Erases a person with a document, and kills the eraser after the n-th of its calls. Returns whether there was one. */
  async function killedAfter(n: number): Promise<boolean> {
    const patient = { name: 'Zebediah Quill', birthDate: '1950-05-05', identifier: `ZQ 1950 ${n}` };
    const id = await caller.start(`killed after ${n}`);
    await accepted(caller.addPatient(id, patient));
    await accepted(caller.addDrugs(id, [canaryDrug]));
    await caller.upload(id, namelessText);
    const personId = await persons.found(patient.identifier);
    gate.killAfter(n);
    await accepted(persons.erase(personId));
    await persons.erased(personId);
    const hasKilled = gate.hasKilled();
    gate.killAfter(Number.POSITIVE_INFINITY);

    const erasures = (await typesOf(`dispense/${id}`)).filter((type) => type === 'Dispense:Erased');
    expect({ n, erasures }).toEqual({ n, erasures: ['Dispense:Erased'] });
    expect(await typesOf(`person/${personId}`)).toEqual(['Person:ErasureRequested', 'Person:Erased']);
    expect({ n, documents: await documentPlaces(host.awsUrl) }).toEqual({ n, documents: [] });
    expect(await inside.query('SubjectKey', 'subject', `dispense/${id}`)).toEqual([]);
    expect(await persons.search({ identifier: patient.identifier })).toEqual([]);
    return hasKilled;
  }

  it(
    'after any of its calls to AWS, ends erased, once',
    async () => {
      let n = 1;
      while (await killedAfter(n)) {
        n += 1;
        if (n > mostCalls) throw new Error('The eraser makes more calls than any erasure needs.');
      }
      // The event, the documents, the key, the links, the entries and the end.
      expect(n).toBeGreaterThan(8);
    },
    30 * 60_000,
  );
});
