import {
  type CommandHandler,
  commandIdOfReaction,
  idOfStream,
  isOutage,
  keyOfStream,
  type Observer,
  readEvent,
  type StreamName,
  systemActor,
  tenantOfStream,
} from '../../../../kernel/index.ts';
import type { PersonIndex } from '../../../person-index.ts';
import type { PersonAnswer } from '../../api/answers.ts';
import { type LegalGround, type PersonEvent, personEvents } from '../../domain/events.ts';
import type { Person, PersonCommand } from '../../domain/person.ts';
import { eraseAgain, eraseStream, eventsOf, type StreamErasing } from './erase-stream.ts';
import { personStream } from './person-stream.ts';
import { isHeld } from './persons-of-stream.ts';

/** The name of the automation, in its commands. */
export const eraser = 'person-eraser';

/** What erasing a person needs. */
export interface PersonErasing extends StreamErasing {
  readonly index: PersonIndex;
  readonly handler: Pick<CommandHandler<Person, PersonCommand, PersonEvent, PersonAnswer>, 'handle'>;
  /** False: there is no time for another stream. */
  readonly hasTime: () => boolean;
  readonly observer: Pick<Observer, 'warn' | 'stepFor'>;
}

/** What the stream of a person says about the erasure. */
export interface RequestedErasure {
  /** Id of the event of the request. */
  readonly id: string;
  readonly legalGround: LegalGround;
  readonly at: string;
  readonly isDone: boolean;
}

/**
 * Erases a person whose stream has a request. One whose erasure is done is erased once more from the index, which can be a restored one: without
 * the mark, new streams would be linked to a person who cannot be erased any more. Each step is harmless if repeated. `unfinished`: the time is over; at least
 * one stream was erased. The caller continues later, and begins again from the first step.
 */
export async function erasePerson(
  stream: StreamName,
  erasing: PersonErasing,
): Promise<'done' | 'unfinished'> {
  const request = await requestOf(stream, erasing);
  if (request === undefined) return 'done';
  const { persons, index } = erasing;
  const [tenant, personId] = [tenantOfStream(stream), idOfStream(stream)];
  const sameAs = (await index.person(tenant, personId))?.sameAs;
  if (sameAs !== undefined && !request.isDone)
    await requestOther(personStream(tenant, sameAs), request, erasing);
  await persons.begin(tenant, personId, request.at);
  // Before the streams: whoever comes with the same identifier from now on is a new person.
  await persons.removeEntries(tenant, personId);
  const eraseOne = request.isDone
    ? (each: StreamName) => eraseAgain(each, erasing)
    : (each: StreamName) => eraseUnlessHeld(each, stream, request, erasing);
  if (!(await eraseStreamsOf(tenant, personId, eraseOne, erasing))) return 'unfinished';
  if (request.isDone) return 'done';
  const streams = (await index.person(tenant, personId))?.erasedStreams ?? 0;
  await send(stream, request, { type: 'RecordErased', streams, now: erasing.now() }, erasing);
  return 'done';
}

/** The erasure that the stream of a person has. Undefined: none was requested. */
export async function requestOf(
  stream: StreamName,
  { log }: Pick<PersonErasing, 'log'>,
): Promise<RequestedErasure | undefined> {
  const events = (await eventsOf(stream, log)).map((event) =>
    readEvent<PersonEvent, typeof event>(personEvents, stream, event),
  );
  const request = events.find((event) => event.type === 'Person:ErasureRequested');
  if (request?.type !== 'Person:ErasureRequested') return undefined;
  return { id: request.id, ...request.data, isDone: events.some(({ type }) => type === 'Person:Erased') };
}

/**
 * False: the time is over, and at least one stream was erased. A stream that cannot be erased does not keep the others from it: the error is
 * thrown when all others are erased. An outage is thrown at once.
 */
async function eraseStreamsOf(
  tenant: string,
  personId: string,
  eraseOne: (stream: StreamName) => Promise<boolean>,
  erasing: PersonErasing,
): Promise<boolean> {
  let erased = 0;
  let fault: unknown;
  for await (const stream of streamsOf(tenant, personId, erasing)) {
    const isFirst = erased === 0 && fault === undefined;
    if (!isFirst && !erasing.hasTime()) {
      // Otherwise this run has got nowhere, and the next one would not either.
      if (erased > 0) return false;
      break;
    }
    try {
      if (await eraseOne(stream)) erased += 1;
    } catch (error) {
      if (isOutage(error)) throw error;
      erasing.observer.warn('A stream of a person is not erased.', { stream, error });
      fault ??= error;
    }
  }
  if (fault !== undefined) throw fault;
  return true;
}

/** The streams of a person whose erasure has begun: none is added meanwhile, and those that are erased leave the list. */
async function* streamsOf(
  tenant: string,
  personId: string,
  { index }: Pick<PersonErasing, 'index'>,
): AsyncGenerator<StreamName> {
  let after: string | undefined;
  do {
    const page = await index.streamsOf(tenant, personId, after);
    yield* page.streams;
    after = page.next;
  } while (after !== undefined);
}

/** Erases a stream of a person. Throws if it also has data of another person who has a legal hold: the message waits for a person. */
export async function eraseUnlessHeld(
  stream: StreamName,
  ofPerson: StreamName,
  request: RequestedErasure,
  erasing: PersonErasing,
): Promise<true> {
  if (await isHeld(stream, erasing, ofPerson))
    throw new Error(`The stream ${stream} has data of another person, who has a legal hold.`);
  await eraseStream(stream, request, erasing);
  return true;
}

/**
 * The person is the same as another, who has the streams. It became so after the request: the request is passed on to the other. Throws
 * if the other has a legal hold: the message waits for a person.
 */
async function requestOther(
  other: StreamName,
  request: RequestedErasure,
  erasing: PersonErasing,
): Promise<void> {
  const { legalGround } = request;
  await send(other, request, { type: 'RequestErasure', legalGround, now: erasing.now() }, erasing);
}

async function send(
  stream: StreamName,
  { id }: RequestedErasure,
  command: PersonCommand,
  { handler, now, traceparent }: PersonErasing,
): Promise<void> {
  const result = await handler.handle([{ id: keyOfStream(stream), command }], {
    commandId: commandIdOfReaction(`${eraser} ${command.type}`, id),
    intent: [command.type, id],
    now: now(),
    correlationId: id,
    causationId: id,
    actor: systemActor(eraser),
    traceparent,
  });
  if (result.outcome === 'rejected')
    throw new Error(`${command.type} was refused for ${stream}: ${result.rejection.code}.`);
}
