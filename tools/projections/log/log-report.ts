import { type LogReport, listedMax } from './verify-log.ts';

const number = (value: number) => value.toLocaleString('en');

/** The report of a check, for people. */
export function reportLines(report: Readonly<LogReport>): string[] {
  const { streams, commits, withoutHash, unsealed, unsealedPlaces, snapshots, broken, places } = report;
  return [
    `Checked ${number(commits)} commits of ${number(streams)} streams, and ${number(snapshots)} snapshots.`,
    ...(withoutHash > 0
      ? [
          `${number(withoutHash)} commits have no hash, as an earlier release writes them. Only their places were checked.`,
        ]
      : []),
    ...(unsealed > 0
      ? [
          `${number(unsealed)} streams have a commit without a hash after one with a hash. An earlier release writes one during a deployment`,
          'or after a rollback. At any other time, somebody else has written it: docs/runbook.md#log-changed',
          ...unsealedPlaces.map(({ stream, version }) => `UNSEALED ${stream} at version ${version}`),
        ]
      : []),
    ...places.map(
      ({ stream, version, difference }) => `BROKEN ${stream} at version ${version}: ${difference}`,
    ),
    ...(broken > listedMax ? [`... and ${number(broken - listedMax)} more streams.`] : []),
    broken === 0
      ? 'The log is what was appended, as far as hashes and snapshots can show.'
      : `${number(broken)} streams are not what was appended. What to do: docs/runbook.md#log-changed`,
    'Not shown by this check: a commit that somebody appended with a hash that fits; a wrong state in a snapshot; a last commit',
    'that was replaced with a hash that fits, or removed, after its snapshot was replaced or removed too; and a stream that was',
    'removed as a whole, with its snapshot. Compare with a backup to find these.',
  ];
}

/** One line about a check that is under way. */
export function progressLine({ commits, streams, snapshots, broken }: Readonly<LogReport>): string {
  const found = broken === 0 ? '' : `, ${number(broken)} broken`;
  return `${number(commits)} commits of ${number(streams)} streams, ${number(snapshots)} snapshots${found}`;
}
