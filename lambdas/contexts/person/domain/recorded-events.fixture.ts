import type { StoredEvent } from '../../../kernel/index.ts';

const at = '2026-01-01T00:00:00.000Z';

/**
 * Streams as each version of this context wrote them. Never edit an entry: what was recorded must load for as long as it is
 * kept. When the schema of an event changes, add a stream that the new code wrote.
 */
export const recordedStreams: Readonly<Record<string, readonly StoredEvent[]>> = {
  'held, lifted and erased': [
    event('Person:HoldPlaced', { at }),
    event('Person:HoldLifted', { at }),
    event('Person:ErasureRequested', { legalGround: 'consent-withdrawn', at }),
    event('Person:Erased', { streams: 2, at }),
  ],
  'held again': [
    event('Person:HoldPlaced', { at }),
    event('Person:HoldLifted', { at }),
    event('Person:HoldPlaced', { at }),
  ],
};

function event(type: string, data: object, schemaVersion = 1): StoredEvent {
  return { id: 'recorded', type, schemaVersion, data };
}
