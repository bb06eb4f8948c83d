import { describe, expect, it } from '@jest/globals';
import { type VerifierReport, type VerifierRequest, verifierName } from '../../schema/projections.ts';
import { fakeSession } from './fake-rebuilder.fixture.ts';
import { verify } from './verify.ts';

const page = (more: Partial<VerifierReport> = {}): VerifierReport => ({
  ...{ streams: 50, events: 500, differing: 0, behind: 0, parked: 0, skipped: 0, differences: [], ...more },
});
const difference = (stream: string) => ({
  ...{ readModel: 'ledger' as const, generation: 'g1', stream, fields: ['balance', '(version)'], lines: 3 },
});

/** A verifier that answers these pages, one after the other, with a cursor after each but the last. */
function paged(pages: readonly VerifierReport[]) {
  const requests: VerifierRequest[] = [];
  const session = fakeSession({
    [verifierName]: (request) => {
      requests.push(request as VerifierRequest);
      const index = requests.length - 1;
      return {
        ...(pages[index] as VerifierReport),
        ...(index < pages.length - 1 && { cursor: `c${index}` }),
      };
    },
  });
  return { session, requests };
}

describe('verify', () => {
  it('compares all streams, however many invocations that takes', async () => {
    const { session, requests } = paged([page(), page({ behind: 2, parked: 1, skipped: 4 }), page()]);
    expect(await verify(session, ['ledger'], 'all')).toMatchObject({
      code: 0,
      lines: [
        'ledger: compared 150 streams, 1,500 events. Nothing differs.',
        expect.stringContaining('2 rows are behind'),
        expect.stringContaining('1 streams are parked'),
        expect.stringContaining('4 streams were not compared'),
      ],
    });
    expect(requests).toEqual([
      { readModel: 'ledger', sample: 'all' },
      { readModel: 'ledger', sample: 'all', cursor: 'c0' },
      { readModel: 'ledger', sample: 'all', cursor: 'c1' },
    ]);
  });

  it('names streams and fields that differ, and ends with 1', async () => {
    const { session } = paged([
      page({ differing: 1, differences: [difference('ledger/a')] }),
      page({ differing: 3, differences: [difference('ledger/b')] }),
    ]);
    const { code, lines, report } = await verify(session, ['ledger'], 'all');
    expect(code).toBe(1);
    expect(lines.slice(0, 4)).toEqual([
      'DIFFERS ledger/a in ledger g1: balance, (version), 3 lines',
      'DIFFERS ledger/b in ledger g1: balance, (version), 3 lines',
      '... and 2 more streams.',
      'ledger: compared 100 streams, 1,000 events. 4 differ.',
    ]);
    expect(report).toMatchObject({ verified: [{ readModel: 'ledger', differing: 4 }] });
  });

  it.each<[number | 'all', readonly (number | undefined)[]]>([
    ['all', [undefined, undefined]],
    [200, [0.25, 0.5]],
  ])('of %s shows a percentage only if it knows one', async (sample, expected) => {
    const { session } = paged([page(), page()]);
    const fractions: (number | undefined)[] = [];
    const withProgress: typeof session.withProgress = (_title, work) =>
      work((fraction) => void fractions.push(fraction));
    await verify({ ...session, withProgress }, ['ledger'], sample);
    expect(fractions).toEqual(expected);
  });

  it('ends a sample at its size', async () => {
    const { session, requests } = paged([page(), page({ streams: 30 }), page()]);
    await verify(session, ['ledger'], 80);
    expect(requests.map(({ sample }) => sample)).toEqual([80, 30]);
  });

  it('does not follow a cursor that stays', async () => {
    const session = fakeSession({ [verifierName]: () => page({ streams: 0, cursor: 'same' }) });
    await expect(verify(session, ['ledger'], 'all')).rejects.toThrow('does not move');
  });
});
