import { describe, expect, it } from '@jest/globals';
import type { PersonalData, RecordedCommit, RecordedHistory } from '../history.ts';
import { personsCheck } from './persons.ts';
import { storyOf } from './story.ts';

const minuteMs = 60_000;
const startMs = Date.parse('2026-03-01T10:00:00.000Z');
const erasedMs = startMs + 10 * minuteMs;

type Change = (history: History) => void;
type Personal = { -readonly [Field in keyof PersonalData]: PersonalData[Field] };
type History = { -readonly [Field in keyof Omit<RecordedHistory, 'personal'>]: RecordedHistory[Field] } & {
  personal: Personal;
};

const commit = (
  stream: string,
  version: number,
  atMs: number,
  type: string,
  data: object = {},
): RecordedCommit => ({
  ...{ stream, version, commandId: `${stream}@${version}`, appendedMs: atMs },
  committedAt: new Date(atMs).toISOString(),
  events: [{ id: `${stream}@${version}`, type, data }],
});

const patient = (personId: string, identifier = personId) => ({ name: 'Ann', identifier, personId });
const key = (name: string) => ({ name, createdMs: startMs });
const link = (stream: string, personId: string) => ({ stream, personId, atMs: startMs });
const read = (id: string, askedMs: number, name: unknown): RecordedHistory['reads'][number] => ({
  ...{ askedMs, answeredMs: askedMs + 1, context: 'dispense', id, isFresh: true },
  found: { version: 2, row: { patient: { name } } },
});

/** A person with the dispense `a` is erased, another one with `b` and `c` is not. */
function history(): History {
  const erased = { erased: true };
  return {
    ...{ operations: [], pasts: [], progress: [], rows: [], parked: [] },
    reads: [
      read('a', startMs + minuteMs, 'Ann'),
      read('a', erasedMs + minuteMs, 'Ann'),
      read('a', erasedMs + 9 * minuteMs, erased),
      read('b', erasedMs + 9 * minuteMs, 'Ann'),
    ],
    commits: [
      commit('dispense/a', 1, startMs, 'Dispense:Started'),
      commit('dispense/a', 2, startMs, 'Dispense:PrescriptionUploaded', { key: 'document-a' }),
      commit('dispense/a', 3, startMs, 'Dispense:PatientAdded', patient('one')),
      commit('dispense/a', 4, erasedMs, 'Dispense:Erased'),
      commit('dispense/b', 1, startMs, 'Dispense:Started'),
      commit('dispense/b', 2, startMs, 'Dispense:PatientAdded', patient('two')),
      commit('dispense/c', 1, startMs, 'Dispense:Started'),
      commit('dispense/c', 2, startMs, 'Dispense:PatientAdded', patient('two')),
      commit('person/one', 1, erasedMs, 'Person:ErasureRequested'),
      commit('person/one', 2, erasedMs, 'Person:Erased'),
    ],
    personal: {
      requests: [
        {
          ...{ who: 'Ben', asked: 'erase', personId: 'one', sentMs: erasedMs, endedMs: erasedMs },
          answer: { outcome: 'unchanged', repeated: false, version: 1, created: false, body: {} },
        },
      ],
      keys: [{ ...key('dispense/a'), destroyedMs: erasedMs + 1 }, key('dispense/b'), key('dispense/c')],
      links: [link('dispense/a', 'one'), link('dispense/b', 'two'), link('dispense/c', 'two')],
      index: {
        streams: [
          { personId: 'two', stream: 'dispense/b' },
          { personId: 'two', stream: 'dispense/c' },
        ],
        entries: [{ personId: 'two' }],
      },
      documents: [],
      faults: [],
    },
  };
}

function findings(change: Change = () => undefined): readonly string[] {
  const judged = history();
  change(judged);
  const found: string[] = [];
  personsCheck.judge(storyOf(judged), (text) => found.push(text));
  return found;
}

const without =
  (type: string): Change =>
  (judged) => {
    judged.commits = judged.commits.filter(({ events }) => events[0]?.type !== type);
  };
const withKeys =
  (...keys: PersonalData['keys']): Change =>
  ({ personal }) => {
    personal.keys = [...keys, key('dispense/b'), key('dispense/c')];
  };
const more =
  (...commits: readonly RecordedCommit[]): Change =>
  (judged) => {
    judged.commits = [...judged.commits, ...commits];
  };
const owned =
  (...streams: readonly (readonly [string, string])[]): Change =>
  ({ personal }) => {
    const all = streams.map(([personId, stream]) => ({ personId, stream }));
    personal.index = { ...personal.index, streams: all };
  };
const two = [
  ['two', 'dispense/b'],
  ['two', 'dispense/c'],
] as const;

describe('the check of persons', () => {
  it('accepts an erasure, and that keys are in caches for some minutes', () => {
    expect(findings()).toEqual([]);
  });

  it.each<readonly [string, Change, RegExp]>([
    ['an erasure that is not done', without('Person:Erased'), /1 times to be erased, and was 0 times/],
    ['an erasure that is forgotten', without('Person:ErasureRequested'), /Nothing says that the erasure/],
    ['a stream that is not erased', without('Dispense:Erased'), /dispense\/a is not erased, but its person/],
    [
      'a stream that is erased twice',
      more(commit('dispense/a', 5, erasedMs, 'Dispense:Erased')),
      /was erased twice/,
    ],
    [
      'a stream that nobody has asked to erase',
      more(commit('dispense/b', 3, erasedMs, 'Dispense:Erased')),
      /dispense\/b is erased, but nobody has asked/,
    ],
    ['a key that is left', withKeys(key('dispense/a')), /still has a key/],
    [
      'a key that is destroyed too early',
      withKeys({ ...key('dispense/a'), destroyedMs: startMs + 1 }),
      /before its events said so/,
    ],
    [
      'a key that is created after the erasure',
      withKeys({ name: 'dispense/a', createdMs: erasedMs + 2, destroyedMs: erasedMs + 3 }),
      /got a key after it was erased/,
    ],
    [
      'the lost key of somebody else',
      ({ personal }) => {
        personal.keys = personal.keys.map((one) => ({ ...one, destroyedMs: erasedMs + 1 }));
      },
      /dispense\/b is not erased, but its keys/,
    ],
    [
      'a document that is left',
      ({ personal }) => {
        personal.documents = ['document-a'];
      },
      /a document is left/,
    ],
    ['a link that is left', owned(['one', 'dispense/a'], ...two), /still belongs to person\/one/],
    ['a link that is missing', owned(two[0]), /dispense\/c belongs to 0 persons/],
    ['one person who is two', owned(two[0], ['three', 'dispense/c']), /is 2 persons/],
    [
      'an entry that is left',
      ({ personal }) => {
        personal.index = { ...personal.index, entries: [{ personId: 'one' }] };
      },
      /still found by an identifier/,
    ],
    [
      'a fault of what is stored',
      ({ personal }) => {
        personal.faults = ['A queue has a plain personal value.'];
      },
      /plain personal value/,
    ],
    [
      'values that are shown too long',
      (judged) => {
        judged.reads = [read('a', erasedMs + 9 * minuteMs, 'Ann')];
      },
      /readable long after/,
    ],
    [
      'values that are hidden too early',
      (judged) => {
        judged.reads = [read('b', startMs + minuteMs, { erased: true })];
      },
      /shown as erased too early/,
    ],
  ])('finds %s', (_, change, text) => {
    expect(findings(change).join('\n')).toMatch(text);
  });
});
