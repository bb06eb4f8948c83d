import { expect, it } from '@jest/globals';
import { aggregateNames } from '../../schema/contexts.ts';
import {
  type DomainEvent,
  isEnvelope,
  type RecordedEvent,
  readEvent,
  type StoredEvent,
  sealPersonal,
} from '../kernel/index.ts';
import { fixedKey } from '../kernel/testing/index.ts';
import type { AnyContext } from './context-module.ts';
import { recordedStreams as dispenses } from './dispense/domain/recorded-events.fixture.ts';
import { recordedStreams as accounts } from './ledger/domain/recorded-events.fixture.ts';
import { loadContext } from './load.ts';
import { loadTodoRules } from './load-todo-rules.ts';
import { recordedStreams as metrics } from './metrics/domain/recorded-events.fixture.ts';
import { recordedStreams as persons } from './person/domain/recorded-events.fixture.ts';
import { todoLists, todoProjections } from './todo/read-model/projection.ts';

/*
 * Which fields of events and rows decide something: state, open work, and the order and content of lists. They must be clear, because
 * nothing that decides has a key. The events here have each personal value in its envelope.
 */

const recorded: Readonly<Record<string, Readonly<Record<string, readonly StoredEvent[]>>>> = {
  dispense: dispenses,
  ledger: accounts,
  metrics,
  person: persons,
};

/** Notes which fields are read, `drugs[].name`, and that of an envelope as `drugs[] (personal)`. */
function watched<Value>(value: Value, note: (path: string) => void, path = ''): Value {
  if (typeof value !== 'object' || value === null) return value;
  return new Proxy(value as object, {
    get: (target, name) => {
      const field: unknown = Reflect.get(target, name);
      if (typeof name === 'symbol' || typeof field === 'function' || name === 'toJSON') return field;
      const inner = /^\d+$/.test(name) ? `${path}[]` : path === '' ? name : `${path}.${name}`;
      note(isEnvelope(field) ? `${inner} (personal)` : inner);
      return watched(field, note, inner);
    },
  }) as Value;
}

/** All streams of a context, as events of the current schema, sealed. */
function sealedStreams(category: string, name: string, { events }: AnyContext): RecordedEvent[][] {
  const stream = `${category}/recorded` as const;
  return Object.values(recorded[name] ?? {}).map((stored) =>
    stored.map((event, index) => {
      const current = readEvent(events, stream, event);
      const [sealed = current] = sealPersonal(events, [current], stream, fixedKey);
      const committedAt = new Date(Date.UTC(2026, 0, 1) + index * 1_000).toISOString();
      return { ...sealed, stream, version: index + 1, committedAt };
    }),
  );
}

async function fieldsRead() {
  const read = new Map<string, Set<string>>();
  const noteFor = (reader: string, prefix: string) => (path: string) => {
    const paths = read.get(reader) ?? new Set();
    read.set(reader, paths.add(`${prefix} ${path}`));
  };
  const rules = await loadTodoRules();
  for (const name of aggregateNames) {
    const context = await loadContext(name);
    const { decider, projection } = context;
    const { category } = decider;
    const todo = todoProjections(rules.filter((own) => own.category === category));
    for (const events of sealedStreams(category, name, context)) {
      let [state, row, work] = [decider.initialState(), undefined as unknown, undefined as unknown];
      for (const event of events) {
        const seen = (reader: string) =>
          ({ ...event, data: watched(event.data, noteFor(reader, event.type)) }) as RecordedEvent &
            DomainEvent;
        state = decider.evolve(state, seen(`state of ${category}`));
        for (const own of todo) {
          const folded = own.project(work as never, seen('todo rules'));
          for (const { line } of folded.lines ?? [])
            todoLists.changingLines?.listKeys(watched(line, noteFor('lists of todo', 'item')) as never);
          work = folded.row;
        }
        ({ row } = projection.project(row, event));
        projection.listKeys?.(watched(row, noteFor(`lists of ${category}`, 'row')));
      }
      expect(JSON.stringify(state)).not.toContain('"enc"');
    }
  }
  return Object.fromEntries(
    [...read].map(([reader, paths]) => [reader, [...paths].toSorted()] as const).toSorted(),
  );
}

/** By reader. A report is a count or a page of a list, so it has the fields of the list. */
const expected = {
  'lists of dispense': ['row id', 'row startedAt', 'row state'],
  'lists of ledger': ['row id', 'row openedAt'],
  'lists of metrics': [
    'row id',
    'row metric',
    'row metric.status',
    'row metric.target',
    'row metric.target.deadline',
    'row metric.target.outcome',
    'row name',
  ],
  'lists of person': ['row id', 'row since', 'row state'],
  'lists of todo': ['item id', 'item kind', 'item openedAt', 'item status'],
  'state of dispense': [
    'Dispense:AnalysisFailed uploadEventId',
    'Dispense:DrugsAdded confirmsAnalysis',
    'Dispense:DrugsAdded drugs',
    // Only how many: each line has an envelope of its own.
    'Dispense:DrugsAdded drugs.length',
    'Dispense:PrescriptionAnalyzed trusted',
    'Dispense:PrescriptionAnalyzed uploadEventId',
    'Dispense:PrescriptionUploaded earlierKeys',
    'Dispense:PrescriptionUploaded earlierKeys.length',
    'Dispense:PrescriptionUploaded earlierKeys[]',
    'Dispense:PrescriptionUploaded key',
  ],
  'state of ledger': [
    'Ledger:Credited amount',
    'Ledger:Debited amount',
    'Ledger:Opened currency',
    'Ledger:Opened overdraftLimit',
    'Ledger:TransferReceived amount',
    'Ledger:TransferSent amount',
  ],
  'state of metrics': [
    'Metric:Created at',
    'Metric:TargetReached at',
    'Metric:TargetSet at',
    'Metric:TargetSet deadline',
    'Metric:TargetSet direction',
    'Metric:TargetSet value',
    'Metric:ValueRecorded at',
    'Metric:ValueRecorded value',
  ],
  'todo rules': [
    'Dispense:DrugsAdded confirmsAnalysis',
    'Dispense:PrescriptionAnalyzed trusted',
    'Ledger:Credited amount',
    'Ledger:Debited amount',
    'Ledger:TransferReceived amount',
    'Ledger:TransferSent amount',
  ],
};

it('the fields that decide something are these, and none is personal', async () => {
  const fields = await fieldsRead();
  expect(
    Object.values(fields)
      .flat()
      .filter((path) => path.endsWith('(personal)')),
  ).toEqual([]);
  expect(fields).toEqual(expected);
});

it('a field in an envelope that decides something is found', () => {
  const found: string[] = [];
  const sealed = { enc: 'aa', key: 'k', v: 1 };
  const data = watched({ name: sealed, drugs: [sealed, 'x'], count: 1 }, (path) => found.push(path));
  void [data.name, data.drugs[0], data.drugs[1], data.count];
  expect(found).toEqual(['name (personal)', 'drugs', 'drugs[] (personal)', 'drugs', 'drugs[]', 'count']);
});
