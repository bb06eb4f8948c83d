import {
  type ReadModelDifferences,
  type ReadModelName,
  type VerifierReport,
  type VerifierRequest,
  verifierName,
} from '../../schema/projections.ts';
import { UserError } from '../host/user-error.ts';
import { number } from './rebuild/parts.ts';
import { accepted } from './rebuilder.ts';
import type { Outcome, Session } from './session.ts';

/** Maximum number of differing streams that are listed. All are counted. */
const listedMax = 1_000;

/** What was compared of one read model. */
export interface Verified extends Omit<VerifierReport, 'cursor'> {
  readonly readModel: ReadModelName;
}

/** Compares rows of read models with a fresh fold: all streams, or at most `sample` of each. */
export async function verify(
  session: Session,
  readModels: readonly ReadModelName[],
  sample: number | 'all',
): Promise<Outcome> {
  const verified: Verified[] = [];
  for (const readModel of readModels) verified.push(await verifyOne(session, readModel, sample));
  return verifyOutcome(verified);
}

async function verifyOne(
  session: Session,
  readModel: ReadModelName,
  sample: number | 'all',
): Promise<Verified> {
  return session.withProgress(`${readModel}: Comparing rows with the log`, async (show) => {
    let total = nothing;
    for (let cursor: string | undefined; ; ) {
      const left = sample === 'all' ? sample : sample - total.streams;
      const request: VerifierRequest = { readModel, sample: left, ...(cursor !== undefined && { cursor }) };
      const answer = accepted(await session.functions.invoke<VerifierReport>(verifierName, request));
      total = sumOf(total, answer);
      const found = total.differing === 0 ? '' : `, ${number(total.differing)} differ`;
      const fraction = sample === 'all' ? undefined : total.streams / sample;
      show(fraction, `${number(total.streams)} streams, ${number(total.events)} events${found}`);
      if (answer.cursor === undefined || (sample !== 'all' && total.streams >= sample)) break;
      if (answer.cursor === cursor) {
        throw new UserError('The verifier does not move: it answers the same cursor again.');
      }
      cursor = answer.cursor;
    }
    return { readModel, ...total };
  });
}

const nothing: Omit<Verified, 'readModel'> = {
  ...{ streams: 0, events: 0, differing: 0, behind: 0, parked: 0, skipped: 0, differences: [] },
};

function sumOf(total: typeof nothing, answer: VerifierReport): typeof nothing {
  return {
    streams: total.streams + answer.streams,
    events: total.events + answer.events,
    differing: total.differing + answer.differing,
    behind: total.behind + answer.behind,
    parked: total.parked + answer.parked,
    skipped: total.skipped + answer.skipped,
    differences: [...total.differences, ...answer.differences].slice(0, listedMax),
  };
}

/** The outcome of comparisons. Names streams and fields, never values. */
export function verifyOutcome(verified: readonly Verified[]): Outcome {
  const differing = verified.reduce((sum, each) => sum + each.differing, 0);
  return {
    code: differing === 0 ? 0 : 1,
    lines: [
      ...verified.flatMap(verifiedLines),
      ...(differing === 0
        ? []
        : [
            'Mend one: npm run projections -- repair STREAM. Mend all of a read model: npm run projections -- rebuild NAME',
            'What to look at first: docs/runbook.md#row-differs',
          ]),
    ],
    report: { verified },
  };
}

function verifiedLines({ readModel, differences, ...counts }: Verified): string[] {
  const { streams, events, differing, behind, parked, skipped } = counts;
  const listed = differences.length;
  return [
    ...differences.map(differsLine),
    ...(differing > listed ? [`... and ${number(differing - listed)} more streams.`] : []),
    `${readModel}: compared ${number(streams)} streams, ${number(events)} events. ${
      differing === 0 ? 'Nothing differs.' : `${number(differing)} differ.`
    }`,
    ...(behind > 0
      ? [`  ${number(behind)} rows are behind for more than 5 minutes: look at the delay in GET /health.`]
      : []),
    ...(parked > 0 ? [`  ${number(parked)} streams are parked: docs/runbook.md#redrive-parked-streams`] : []),
    ...(skipped > 0
      ? [`  ${number(skipped)} streams were not compared: too long for one invocation, or always changing.`]
      : []),
  ];
}

function differsLine({ stream, readModel, generation, ...what }: ReadModelDifferences): string {
  return `DIFFERS ${stream} in ${readModel} ${generation}: ${whatDiffers(what)}`;
}

/** The names of fields, and the number of lines. */
export function whatDiffers({
  fields,
  lines,
}: {
  readonly fields: readonly string[];
  readonly lines: number;
}): string {
  return [...fields, ...(lines > 0 ? [`${number(lines)} lines`] : [])].join(', ');
}
