import { type LogReport, listedMax } from './verify-log.ts';

const number = (value: number) => value.toLocaleString('en');

/** The report of a check, for people. */
export function reportLines(report: Readonly<LogReport>): string[] {
  const { streams, commits, withoutHash, snapshots, broken, places } = report;
  return [
    `Checked ${number(commits)} commits of ${number(streams)} streams, and ${number(snapshots)} snapshots.`,
    ...(withoutHash > 0
      ? [
          `${number(withoutHash)} commits have no hash: an earlier release wrote them. Only their places were checked.`,
        ]
      : []),
    ...places.map(
      ({ stream, version, difference }) => `BROKEN ${stream} at version ${version}: ${difference}`,
    ),
    ...(broken > listedMax ? [`... and ${number(broken - listedMax)} more streams.`] : []),
    broken === 0
      ? 'The log is what was appended, as far as hashes and snapshots can show.'
      : `${number(broken)} streams are not what was appended. What to do: docs/runbook.md#log-changed`,
    'Not shown by this check: a last commit that was replaced with a hash that fits, or removed, after its snapshot was replaced',
    'or removed too; and a stream that was removed as a whole, with its snapshot. Compare with a backup to find these.',
  ];
}

/** One line about a check that is under way. */
export function progressLine({ commits, streams, snapshots, broken }: Readonly<LogReport>): string {
  const found = broken === 0 ? '' : `, ${number(broken)} broken`;
  return `${number(commits)} commits of ${number(streams)} streams, ${number(snapshots)} snapshots${found}`;
}
