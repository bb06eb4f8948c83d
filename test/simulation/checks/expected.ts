import type { PersonCommand } from '../history.ts';
import { rulesOf } from './model/contexts.ts';
import { type Decided, type PlacedEvent, streamsOf } from './model/rules.ts';
import { hasFields } from './same.ts';
import type { PlacedCommit, StreamStory } from './stream-story.ts';
import { commitWords, shown } from './words.ts';

type Streams = ReadonlyMap<string, StreamStory>;

/**
 * What the rules say about a command whose commit on its first stream is known: in the states before it. `second`: its commit on the
 * other stream; absent: the state of the other stream when it was last seen before is not known, and its newest counts.
 */
export function decideAt(
  streams: Streams,
  command: PersonCommand,
  placed: PlacedCommit,
  second?: PlacedCommit,
): Decided {
  const rules = rulesOf(command.context);
  if (rules === undefined) return { refused: 'a context without rules' };
  const [first, other] = streamsOf(command);
  const states = [stateBefore(streams, first, placed)];
  if (other !== undefined)
    states.push(stateBefore(streams, other, second ?? receivedOf(streams, other, placed)));
  return rules.decide(states, command, commandTime(placed));
}

function stateBefore(streams: Streams, name: string, placed: PlacedCommit | undefined): unknown {
  const stream = streams.get(name);
  if (stream === undefined) return rulesOf(name.slice(0, name.indexOf('/')))?.initial;
  return placed === undefined ? stream.states.at(-1) : stream.states[placed.commit.version - 1];
}

/** The commit of the receiving account: it has the same transfer. */
function receivedOf(streams: Streams, name: string, { events }: PlacedCommit): PlacedCommit | undefined {
  const transferId = events[0]?.data['transferId'];
  return streams
    .get(name)
    ?.commits.find((one) =>
      one.events.some(
        ({ type, data }) => type === 'Ledger:TransferReceived' && data['transferId'] === transferId,
      ),
    );
}

/** The time of a command: events have it as `at`, except for those that have none, for which the time of the commit does. */
export function commandTime({ events, commit }: PlacedCommit): string {
  const at = events.find(({ data }) => typeof data['at'] === 'string' && data['at'] !== '')?.data['at'];
  return typeof at === 'string' ? at : commit.committedAt;
}

/** How commits differ from what the rules say about their command. Undefined: they do not. */
export function differenceOf(decided: Decided, commits: readonly PlacedCommit[]): string | undefined {
  if ('refused' in decided) return `by the rules it is refused (${decided.refused})`;
  for (const [index, { commit, events }] of commits.entries()) {
    const expected = decided.events[index] ?? [];
    const types = expected.map(({ type }) => type).join(', ');
    if (types !== events.map(({ type }) => type).join(', ')) {
      return `by the rules it is ${types || 'nothing'}; the log has ${commitWords(commit)}`;
    }
    const wrong = expected.findIndex(
      ({ data, fits }, place) =>
        !hasFields(events[place]?.data, data) || fits?.(events[place]?.data ?? {}) === false,
    );
    if (wrong !== -1) return dataDifference(events[wrong] as PlacedEvent, expected[wrong]?.data ?? {});
  }
  return undefined;
}

function dataDifference(
  { stream, type, version, data }: PlacedEvent,
  expected: Readonly<Record<string, unknown>>,
) {
  const fields = Object.keys(expected).filter((field) => !hasFields(data, { [field]: expected[field] }));
  const all = fields.map((field) => `${field} ${shown(data[field])} instead of ${shown(expected[field])}`);
  return `${type} at version ${version} of ${stream} has ${all.join(', ') || 'other data than its command'}`;
}
