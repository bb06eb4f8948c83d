import { beforeEach, describe, expect, it } from '@jest/globals';
import { keysToReveal, recordedEvents, reveal } from '../../kernel/index.ts';
import { type DispenseUnderTest, dispenseUnderTest } from './dispense-under-test.fixture.ts';
import {
  addPage,
  addPatient,
  at,
  correctPatient,
  patient,
  personId,
  recordAnalysis,
  upload,
} from './domain/dispense.fixture.ts';
import { recordedStreams } from './domain/recorded-events.fixture.ts';
import { dispenseSubjects } from './subjects.ts';

let api: DispenseUnderTest;
let id: string;
beforeEach(async () => {
  api = dispenseUnderTest();
  id = await api.start();
});

const subjects = () => dispenseSubjects(api.handler);
const erasure = { id: 'erasure-1', legalGround: 'consent-withdrawn' };
const commits = async (of = id) => (await Array.fromAsync(api.log.read(`dispense/${of}`))).flat();
/** The person, with plain values. */
const person = async () => {
  const stream = `dispense/${id}` as const;
  const keys = await keysToReveal(api.keys, [{ stream, value: await events() }]);
  return reveal(subjects().personIn(await events()), stream, keys);
};
const events = async () => (await commits()).flatMap(recordedEvents);

describe('the person of a dispense', () => {
  it('is nobody before a patient was added', async () => {
    expect(subjects().personIn(await events())).toBeUndefined();
    expect(subjects().personIn([])).toBeUndefined();
  });

  it('is the patient', async () => {
    await api.send(id, addPatient);
    const { birthDate, identifier } = patient;
    expect(await person()).toEqual({ personId, version: 2, birthDate, identifier });
  });

  it('is the patient as corrected last, who may have no identifier any more', async () => {
    await api.send(id, addPatient);
    await api.send(id, upload());
    await api.send(id, { ...correctPatient, personId: 'p2' } as typeof correctPatient);
    expect(await person()).toEqual({
      personId: 'p2',
      version: 4,
      birthDate: '1958-04-30',
    });
  });

  it('is nobody after the erasure', async () => {
    await api.send(id, addPatient);
    await subjects().erase(`dispense/${id}`, erasure, at(10));
    expect(subjects().personIn(await events())).toBeUndefined();
  });

  it('is not known of an earlier release, which gave no ids', () => {
    const recorded = recordedStreams['a dispense by hand, cancelled'] ?? [];
    const placed = recorded.map((event, index) => ({
      ...event,
      stream: 'dispense/a' as const,
      version: index + 1,
      committedAt: at(0),
    }));
    expect(subjects().personIn(placed)).toBeUndefined();
  });
});

describe('the documents of a dispense', () => {
  it('are those of all uploads, also of replaced ones', async () => {
    expect(subjects().documentsIn(await events())).toEqual([]);
    for (const command of [upload('k1'), addPage('k2'), upload('k3')]) await api.send(id, command);
    await subjects().erase(`dispense/${id}`, erasure, at(10));
    expect(subjects().documentsIn(await events())).toEqual(['k1', 'k2', 'k3']);
  });
});

describe('erasing a dispense', () => {
  it('appends the event, by the name of the eraser', async () => {
    await subjects().erase(`dispense/${id}`, erasure, at(10));
    expect((await commits()).at(-1)).toMatchObject({
      events: [
        { type: 'Dispense:Erased', data: { legalGround: 'consent-withdrawn', at: expect.any(String) } },
      ],
      actor: expect.stringContaining('person-eraser'),
      causationId: 'erasure-1',
    });
  });

  it('has no effect the second time, with the same or another id', async () => {
    await subjects().erase(`dispense/${id}`, erasure, at(10));
    const before = await commits();
    await subjects().erase(`dispense/${id}`, erasure, at(11));
    await subjects().erase(`dispense/${id}`, { ...erasure, id: 'erasure-2' }, at(12));
    expect(await commits()).toEqual(before);
  });

  it('has no effect on a dispense that does not exist', async () => {
    const unknown = '00000000-0000-4000-8000-000000000000';
    await subjects().erase(`dispense/${unknown}`, erasure, at(10));
    expect(await commits(unknown)).toEqual([]);
  });

  it('makes a late analysis of the dispense harmless', async () => {
    await api.send(id, upload());
    await subjects().erase(`dispense/${id}`, erasure, at(10));
    const before = await commits();
    await api.send(id, recordAnalysis());
    expect(await commits()).toEqual(before);
  });

  it('throws if the log does not answer, so that it is repeated', async () => {
    const down = dispenseSubjects({
      handle: async () => {
        throw new Error('The log is down.');
      },
    });
    await expect(down.erase(`dispense/${id}`, erasure, at(10))).rejects.toThrow('The log is down.');
  });
});
