import type { PersonalData, RecordedCommit, RecordedHistory } from '../history.ts';
import type { Check, Report } from './check.ts';
import { commitWords, shown } from './words.ts';

/** An instance may use a key for five minutes after it was destroyed; clocks differ. In ms. */
const keyUsedMs = 5 * 60_000 + 1_000;

/** Who is erased is erased everywhere, once. Nobody else loses anything, and nothing personal is ever stored plain. */
export const personsCheck: Check = {
  name: 'who is erased is erased, and nobody else',
  judge: (story, report) => {
    const { personal } = story.history;
    if (personal === undefined) return;
    for (const fault of personal.faults) report(fault);
    const visits = visitsIn(story.history, personal);
    const erased = erasedPersons(story.history, personal, report);
    for (const visit of visits) judgeVisit(visit, erased, personal, report);
    judgeIndex(visits, erased, personal, report);
    judgeTogether(visits, personal, report);
    for (const read of story.history.reads) judgeRead(read, visits, report);
  },
};

/** A dispense, as its events and its key say. */
interface Visit {
  readonly stream: string;
  /** Its patients, the newest last. */
  readonly patients: readonly Patient[];
  readonly erasures: readonly RecordedCommit[];
  readonly documents: readonly unknown[];
  readonly keys: PersonalData['keys'];
  /** The ids of persons to whom it was ever linked. */
  readonly linked: readonly string[];
}

interface Patient {
  readonly personId?: string;
  readonly identifier?: string;
}

function visitsIn({ commits }: RecordedHistory, { keys, links }: PersonalData): readonly Visit[] {
  const byStream = Map.groupBy(commits, ({ stream }) => stream);
  return [...byStream].flatMap(([stream, own]) => {
    if (!stream.startsWith('dispense/')) return [];
    const events = own.toSorted((a, b) => a.version - b.version).flatMap((commit) => commit.events);
    const of = (...types: readonly string[]) => events.filter(({ type }) => types.includes(type));
    return {
      stream,
      patients: of('Dispense:PatientAdded', 'Dispense:PatientCorrected').map(({ data }) => data as Patient),
      erasures: own.filter((commit) => commit.events.some(({ type }) => type === 'Dispense:Erased')),
      documents: of('Dispense:PrescriptionUploaded').map(({ data }) => (data as { key?: unknown }).key),
      keys: keys.filter(({ name }) => name === stream),
      linked: links.flatMap((link) => (link.stream === stream ? (link.personId ?? []) : [])),
    };
  });
}

/** The ids of the persons whose erasure was requested. Each must be done, once. */
function erasedPersons(
  { commits }: RecordedHistory,
  { requests }: PersonalData,
  report: Report,
): ReadonlySet<string> {
  const requested = new Set<string>();
  for (const [stream, own] of Map.groupBy(commits, (commit) => commit.stream)) {
    if (!stream.startsWith('person/')) continue;
    const count = (type: string) =>
      own.flatMap(({ events }) => events).filter((event) => event.type === type).length;
    const [asked, done] = [count('Person:ErasureRequested'), count('Person:Erased')];
    if (asked > 0) requested.add(stream.slice('person/'.length));
    if (asked > 1 || done !== asked)
      report(`${stream} was asked ${asked} times to be erased, and was ${done} times.`);
  }
  for (const { asked, personId, answer, endedMs } of requests) {
    const isAcknowledged = answer.outcome === 'changed' || answer.outcome === 'unchanged';
    if (asked === 'erase' && isAcknowledged && !requested.has(personId))
      report(
        `Nothing says that the erasure of person/${personId} was requested, which was acknowledged.`,
        endedMs,
      );
  }
  return requested;
}

function judgeVisit(visit: Visit, erased: ReadonlySet<string>, personal: PersonalData, report: Report): void {
  const { stream, patients, erasures, keys } = visit;
  const [erasure, second] = erasures;
  if (second !== undefined) report(`${stream} was erased twice: ${commitWords(second)}.`, second.appendedMs);
  const newest = patients.at(-1)?.personId;
  const isOf = (personId: string | undefined) => personId !== undefined && erased.has(personId);
  if (erasure === undefined) {
    if (isOf(newest)) report(`${stream} is not erased, but its person/${newest} is.`);
    if (keys.length !== 1 || keys[0]?.destroyedMs !== undefined)
      report(`${stream} is not erased, but its keys are ${shown(keys)}.`);
    return;
  }
  const persons = [...visit.linked, ...patients.map(({ personId }) => personId)];
  if (!persons.some(isOf)) report(`${stream} is erased, but nobody has asked for it.`, erasure.appendedMs);
  judgeErased(visit, erasure, personal, report);
}

/** The event comes first, then the key is destroyed, and the documents are gone. */
function judgeErased(
  { stream, keys, documents }: Visit,
  { appendedMs = 0 }: RecordedCommit,
  personal: PersonalData,
  report: Report,
): void {
  for (const { createdMs, destroyedMs } of keys) {
    if (destroyedMs === undefined) report(`${stream} is erased, but still has a key.`);
    else if (destroyedMs < appendedMs)
      report(`The key of ${stream} was destroyed before its events said so.`);
    if (createdMs > appendedMs) report(`${stream} got a key after it was erased.`, createdMs);
  }
  for (const key of documents)
    if (personal.documents.includes(key as string)) report(`${stream} is erased, but a document is left.`);
  if (personal.index.streams.some((one) => one.stream === stream))
    report(`${stream} is erased, but still belongs to a person.`);
}

/** Persons who are erased cannot be found, and have no streams. All others have theirs. */
function judgeIndex(
  visits: readonly Visit[],
  erased: ReadonlySet<string>,
  { index, keys }: PersonalData,
  report: Report,
): void {
  for (const { personId, stream } of index.streams)
    if (erased.has(personId)) report(`${stream} still belongs to person/${personId}, who is erased.`);
  for (const { personId } of index.entries)
    if (erased.has(personId)) report(`person/${personId} is erased, and is still found by an identifier.`);
  for (const { stream, patients, erasures } of visits) {
    if (patients.length === 0 || erasures.length > 0) continue;
    const { length } = index.streams.filter((one) => one.stream === stream);
    if (length !== 1) report(`${stream} belongs to ${length} persons.`);
  }
  const names = new Set(visits.map(({ stream }) => stream));
  for (const { name, destroyedMs } of keys) {
    const isOfTenant = name.startsWith('Tenant/');
    if (isOfTenant && destroyedMs !== undefined) report(`The key ${name} was destroyed.`);
    if (!isOfTenant && !names.has(name) && destroyedMs !== undefined)
      report(`${name} had a key and no events.`);
  }
}

/** Dispenses with the same identifier are of one person, whoever came first. */
function judgeTogether(visits: readonly Visit[], { index }: PersonalData, report: Report): void {
  const alive = visits.filter(({ erasures }) => erasures.length === 0);
  const byIdentifier = Map.groupBy(alive, ({ patients }) => patients.at(-1)?.identifier);
  for (const [identifier, own] of byIdentifier) {
    if (identifier === undefined) continue;
    const streams = new Set(own.map(({ stream }) => stream));
    const persons = index.streams.filter(({ stream }) => streams.has(stream)).map(({ personId }) => personId);
    if (new Set(persons).size > 1)
      report(
        `The patient with ${identifier} is ${new Set(persons).size} persons, on ${[...streams].join(', ')}.`,
      );
  }
}

/** A row shows plain values until some minutes after the erasure, and nothing is erased before. */
function judgeRead(
  { context, id, found, askedMs, answeredMs }: RecordedHistory['reads'][number],
  visits: readonly Visit[],
  report: Report,
): void {
  const visit = visits.find(({ stream }) => stream === `${context}/${id}`);
  const { drugs = [], patient, cancelReason, erasedAt } = (found?.row ?? {}) as PersonalRow;
  const values = [
    ...drugs,
    ...(patient ? [patient.name] : []),
    ...(cancelReason === undefined ? [] : [cancelReason]),
  ];
  if (visit === undefined || values.length === 0) return;
  const destroyedMs = visit.keys[0]?.destroyedMs ?? Number.POSITIVE_INFINITY;
  const erasedMs = visit.erasures[0]?.appendedMs ?? Number.POSITIVE_INFINITY;
  const hidden = values.filter((value) => (value as { readonly erased?: unknown } | null)?.erased === true);
  const isPlain = hidden.length < values.length;
  if (hidden.length > 0 && erasedMs > answeredMs)
    report(`${visit.stream} was shown as erased too early.`, answeredMs);
  if (isPlain && erasedAt !== undefined)
    report(`${visit.stream} says that it is erased, and is readable.`, answeredMs);
  if (isPlain && destroyedMs + keyUsedMs < askedMs)
    report(`${visit.stream} was readable long after its key was destroyed.`, answeredMs);
}

interface PersonalRow {
  readonly drugs?: readonly unknown[];
  readonly patient?: { readonly name?: unknown };
  readonly cancelReason?: unknown;
  readonly erasedAt?: unknown;
}
