import { recordedEventsContract } from '../../../kernel/testing/index.ts';
import { personEvents } from './events.ts';
import { person } from './person.ts';
import { recordedStreams } from './recorded-events.fixture.ts';

const statesByVersion = {
  1: { 'held, lifted and erased': { state: 'erased' }, 'held again': { state: 'held' } },
};

recordedEventsContract({ decider: person, events: personEvents, recordedStreams, statesByVersion });
