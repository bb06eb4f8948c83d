import {
  type ReadModelName,
  type VerifierReport,
  type VerifierRequest,
  verifierName,
} from '../../schema/projections.ts';
import { UserError } from '../host/user-error.ts';
import { number } from './parts.ts';
import { accepted } from './rebuilder.ts';
import type { Outcome, Session } from './session.ts';

/** Maximum number of differing streams that are listed. All are counted. */
const listedMax = 1_000;

/** What was compared of one read model. */
export interface Verified extends Pick<VerifierReport, 'streams' | 'events' | 'differing' | 'differences'> {
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
    const total = { streams: 0, events: 0, differing: 0, differences: [] as VerifierReport['differences'][number][] };
    for (let cursor: string | undefined; ; ) {
      const left = sample === 'all' ? sample : sample - total.streams;
      const request: VerifierRequest = { readModel, sample: left, ...(cursor !== undefined && { cursor }) };
      const answer = accepted(await session.functions.invoke<VerifierReport>(verifierName, request));
      total.streams += answer.streams;
      total.events += answer.events;
      total.differing += answer.differing;
      total.differences.push(...answer.differences.slice(0, listedMax - total.differences.length));
      const found = total.differing === 0 ? '' : `, ${number(total.differing)} differ`;
      show(sample === 'all' ? 0 : total.streams / sample, `${number(total.streams)} streams${found}`);
      if (answer.cursor === undefined || (sample !== 'all' && total.streams >= sample)) break;
      if (answer.cursor === cursor) throw new UserError('The verifier does not move: it answers the same cursor again.');
      cursor = answer.cursor;
    }
    return { readModel, ...total };
  });
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
            'What to look at first: docs/runbook.md#read-model-differs',
          ]),
    ],
    report: { verified },
  };
}

function verifiedLines({ readModel, streams, events, differing, differences }: Verified): string[] {
  const listed = differences.length;
  return [
    ...differences.map((each) => `DIFFERS ${each.stream} in ${each.generation}: ${whatDiffers(each)}`),
    ...(differing > listed ? [`... and ${number(differing - listed)} more streams.`] : []),
    `${readModel}: compared ${number(streams)} streams, ${number(events)} events. ${
      differing === 0 ? 'Nothing differs.' : `${number(differing)} differ.`
    }`,
  ];
}

/** The names of fields, and the number of lines. */
export function whatDiffers({ fields, lines }: { readonly fields: readonly string[]; readonly lines: number }): string {
  return [...fields, ...(lines > 0 ? [`${number(lines)} lines`] : [])].join(', ');
}
