import { type EventLog, readEvent, type StreamName, tenantOfStream } from '../../../../kernel/index.ts';
import type { PersonIndex } from '../../../person-index.ts';
import { canonicalPerson } from '../../../person-search.ts';
import { type PersonEvent, personEvents } from '../../domain/events.ts';
import { type Person, person } from '../../domain/person.ts';
import { categoryOf, eventsOf, type StreamErasing } from './erase-stream.ts';
import { personStream } from './person-stream.ts';

/** What finding the persons of a stream reads. */
interface PersonsReading extends Pick<StreamErasing, 'log' | 'categories' | 'persons'> {
  readonly index: PersonIndex;
}

/**
 * The streams of the persons that a stream belongs to: that of its link, and that of its events, which may have no link yet. None if
 * the stream is erased.
 */
export async function personsOf(stream: StreamName, erasing: PersonsReading): Promise<readonly StreamName[]> {
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

/**
 * True if somebody whose data the stream has is under a legal hold: whoever it is linked to, or ever named. A correction adds to a stream and
 * removes nothing, so it does not end a hold. False for a stream whose erasure has begun: it must end. `erased`: the stream of the person
 * for whom it is asked; an erasure is refused during a hold, so there is none.
 */
export async function isHeld(
  stream: StreamName,
  erasing: PersonsReading,
  erased?: StreamName,
): Promise<boolean> {
  const category = categoryOf(stream, erasing);
  const events = await eventsOf(stream, erasing.log);
  if (category.isErased(events)) return false;
  const tenant = tenantOfStream(stream);
  const link = await erasing.persons.linkOf(stream);
  const ids = new Set(category.personsIn(events));
  if (typeof link === 'object') ids.add(link.personId);
  for (const id of [...ids]) ids.add((await canonicalPerson(erasing.index, tenant, id))?.personId ?? id);
  const others = [...ids].map((id) => personStream(tenant, id)).filter((each) => each !== erased);
  for (const other of others) if ((await personState(other, erasing.log)) === 'held') return true;
  return false;
}

/** What the stream of a person says about holds and the erasure. It is read from the log, so it is not outdated. */
async function personState(stream: StreamName, log: Pick<EventLog, 'read'>): Promise<Person['state']> {
  const events = await eventsOf(stream, log);
  const read = events.map((event) => readEvent<PersonEvent, typeof event>(personEvents, stream, event));
  return read.reduce(person.evolve, person.initialState()).state;
}
