import { type EventLog, readEvent, type StreamName, tenantOfStream } from '../../../../kernel/index.ts';
import { canonicalPerson } from '../../../person-search.ts';
import { type PersonEvent, personEvents } from '../../domain/events.ts';
import { type Person, person } from '../../domain/person.ts';
import type { PersonErasing } from './erase-person.ts';
import { categoryOf, eventsOf } from './erase-stream.ts';
import { personStream } from './person-stream.ts';

/**
 * The streams of the persons that a stream belongs to: that of its link, and that of its events, which may have no link yet. None if
 * the stream is erased.
 */
export async function personsOf(
  stream: StreamName,
  erasing: Pick<PersonErasing, 'log' | 'categories' | 'persons' | 'index'>,
): Promise<readonly StreamName[]> {
  const tenant = tenantOfStream(stream);
  const link = await erasing.persons.linkOf(stream);
  const named = categoryOf(stream, erasing).personIn(await eventsOf(stream, erasing.log))?.personId;
  const ids = new Set(typeof link === 'object' ? [link.personId] : []);
  if (named !== undefined) {
    ids.add(named);
    ids.add((await canonicalPerson(erasing.index, tenant, named))?.personId ?? named);
  }
  return [...ids].map((personId) => personStream(tenant, personId));
}

/** What the stream of a person says about holds and the erasure. It is read from the log, so it is not outdated. */
export async function personState(stream: StreamName, log: Pick<EventLog, 'read'>): Promise<Person['state']> {
  const events = await eventsOf(stream, log);
  const read = events.map((event) => readEvent<PersonEvent, typeof event>(personEvents, stream, event));
  return read.reduce(person.evolve, person.initialState()).state;
}
