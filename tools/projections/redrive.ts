import { projectorName } from '../../schema/names.ts';
import type { ReadModelName } from '../../schema/projections.ts';
import { UserError } from '../host/user-error.ts';
import { number } from './rebuild/parts.ts';
import type { Outcome, Session } from './session.ts';

/** Who redrives: the projector of a read model, or the publisher. */
export type Consumer = ReadModelName | 'publisher';

/** What a function answers to a redrive: one result, or one for each context or destination. */
interface Redriven {
  /** Of a projector: streams that are no longer parked. */
  readonly projected?: number;
  /** Of a projector: those of them of which a row was written. The rows of the others were up to date. */
  readonly changed?: number;
  /** Of the publisher: commits that the destination has accepted. */
  readonly published?: number;
  /** Streams, or a number of commits, that are still parked: they were tried in vain. */
  readonly parked: readonly string[] | number;
  /** The same, because of an outage. */
  readonly failed: readonly string[] | number;
  /** Others may be behind it. The next redrive continues after it. */
  readonly next?: string;
}

/** The sum of all redrives of one consumer. */
export interface RedriveTotal {
  readonly consumer: Consumer;
  released: number;
  /** Absent: the function does not say it. */
  changed?: number;
  parked: number;
  failed: number;
  /** Streams that are still parked, at most {@link listedMax}. Of the publisher: none. */
  readonly streams: string[];
}

const listedMax = 1_000;

/** Tries again what is parked for these consumers, all of it. */
export async function redrive(session: Session, consumers: readonly Consumer[]): Promise<Outcome> {
  const totals: RedriveTotal[] = [];
  for (const consumer of consumers) totals.push(await redriveOne(session, consumer));
  const isResolved = totals.every(({ parked, failed }) => parked + failed === 0);
  return { code: isResolved ? 0 : 1, lines: totals.flatMap(redriveLines), report: { redriven: totals } };
}

async function redriveOne(session: Session, consumer: Consumer): Promise<RedriveTotal> {
  const total: RedriveTotal = { consumer, released: 0, parked: 0, failed: 0, streams: [] };
  const name = consumer === 'publisher' ? consumer : projectorName(consumer);
  return session.withProgress(`${consumer}: Trying what is parked`, async (show) => {
    const call = async (after?: string) => {
      const request = { redrive: true, ...(after !== undefined && { after }) };
      const answer = await session.functions.invoke<Redriven | readonly Redriven[]>(name, request);
      const results = [answer].flat();
      for (const result of results) add(total, result);
      show(undefined, `${number(total.released)} resolved, ${number(total.parked + total.failed)} not`);
      return results.flatMap(({ next }) => next ?? []);
    };
    const starts = (await call()).toSorted();
    // Each context of the TODO projector is continued by itself. `after` of the publisher is for all destinations: the least one
    // leaves nothing out, and some commits of the others are tried again.
    for (const start of consumer === 'publisher' ? starts.slice(0, 1) : starts) {
      await continueAfter(start, call);
    }
    return total;
  });
}

/** Continues until nothing is behind. Subjects only go up, so this ends. */
async function continueAfter(start: string, call: (after: string) => Promise<string[]>): Promise<void> {
  for (let after: string | undefined = start; after !== undefined; ) {
    const [next]: string[] = (await call(after)).toSorted();
    if (next !== undefined && next <= after) {
      throw new UserError(`The redrive does not move: after ${after} it names ${next}.`);
    }
    after = next;
  }
}

function add(total: RedriveTotal, { projected, published, changed, parked, failed }: Redriven): void {
  total.released += projected ?? published ?? 0;
  if (changed !== undefined) total.changed = (total.changed ?? 0) + changed;
  total.parked += countOf(parked);
  total.failed += countOf(failed);
  const streams = [parked, failed].flatMap((named) => (typeof named === 'number' ? [] : named));
  total.streams.push(...streams.slice(0, listedMax - total.streams.length));
}

const countOf = (named: readonly string[] | number) => (typeof named === 'number' ? named : named.length);

/** The report of a redrive, for people. */
export function redriveLines({
  consumer,
  released,
  changed,
  parked,
  failed,
  streams,
}: RedriveTotal): string[] {
  if (released + parked + failed === 0) return [`${consumer}: nothing is parked that a redrive can try.`];
  const what = consumer === 'publisher' ? 'commits' : 'streams';
  const unchanged = changed === undefined ? 0 : released - changed;
  return [
    ...(released > 0 ? [`${consumer}: ${number(released)} ${what} are no longer parked.`] : []),
    ...(unchanged > 0
      ? [
          `  ${number(unchanged)} of them had up-to-date rows: nothing was changed. If a row is wrong: npm run projections -- repair STREAM`,
        ]
      : []),
    ...(parked > 0 ? [`${consumer}: ${number(parked)} ${what} stay parked, with the newest reason.`] : []),
    ...(failed > 0
      ? [`${consumer}: ${number(failed)} ${what} were not tried to the end: an outage. Try again later.`]
      : []),
    ...streams.map((stream) => `PARKED ${stream}`),
    ...(parked > 0 ? ['What to do: docs/runbook.md#redrive-parked-streams'] : []),
  ];
}
