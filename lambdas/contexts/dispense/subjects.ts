import {
  type CommandHandler,
  commandIdOfReaction,
  keyOfStream,
  type RecordedEvent,
  readEvent,
  systemActor,
} from '../../kernel/index.ts';
import type { SubjectCategory } from '../subject-category.ts';
import type { DispenseAnswer } from './api/answers.ts';
import { type Dispense, type DispenseCommand, dispense } from './domain/dispense.ts';
import { type DispenseEvent, dispenseEvents } from './domain/events.ts';

/** The name of the automation that erases, in its commands. */
const eraserName = 'person-eraser';

/** What the events of a dispense say about its person. It needs no handler: the indexer has none. */
export const dispenseSubjectFacts: Omit<SubjectCategory, 'erase'> = {
  category: dispense.category,
  personIn: (events) => {
    const read = events.map(asRead);
    if (read.some(isErasure)) return undefined;
    const newest = read.findLast(isOfPatient);
    if (newest?.data.personId === undefined) return undefined;
    const { personId, birthDate, identifier } = newest.data;
    return { personId, version: newest.version, birthDate, ...(identifier !== undefined && { identifier }) };
  },
  personsIn: (events) => [
    ...new Set(
      events.map(asRead).flatMap((event) => (isOfPatient(event) ? (event.data.personId ?? []) : [])),
    ),
  ],
  isErased: (events) => events.map(asRead).some(isErasure),
  documentsIn: (events) =>
    events
      .map(asRead)
      .flatMap(({ type, data }) => (type === 'Dispense:PrescriptionUploaded' ? [data.key] : [])),
};

/** Dispenses, for the automations that index, export and erase the data of persons. Each dispense is one data subject. */
export function dispenseSubjects(
  handler: Pick<CommandHandler<Dispense, DispenseCommand, DispenseEvent, DispenseAnswer>, 'handle'>,
): SubjectCategory {
  return {
    ...dispenseSubjectFacts,
    erase: async (stream, { id, legalGround, traceparent }, now) => {
      const result = await handler.handle(
        [{ id: keyOfStream(stream), command: { type: 'Erase', legalGround, now } }],
        {
          commandId: commandIdOfReaction(eraserName, id),
          intent: ['Erase', id],
          now,
          correlationId: id,
          causationId: id,
          actor: systemActor(eraserName),
          traceparent,
        },
      );
      const isAbsent = result.outcome === 'rejected' && result.rejection.code === 'dispense/not-found';
      if (result.outcome === 'rejected' && !isAbsent)
        throw new Error(`The erasure of a dispense was refused: ${result.rejection.code}.`);
    },
  };
}

type Recorded<Event> = RecordedEvent & Event;

function asRead(event: RecordedEvent): Recorded<DispenseEvent> {
  return readEvent<DispenseEvent, RecordedEvent>(dispenseEvents, event.stream, event);
}

function isErasure({ type }: DispenseEvent): boolean {
  return type === 'Dispense:Erased';
}

type PatientEvent = Extract<DispenseEvent, { type: 'Dispense:PatientAdded' | 'Dispense:PatientCorrected' }>;

function isOfPatient(event: Recorded<DispenseEvent>): event is Recorded<PatientEvent> {
  return event.type === 'Dispense:PatientAdded' || event.type === 'Dispense:PatientCorrected';
}
