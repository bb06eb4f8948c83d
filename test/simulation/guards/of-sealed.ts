import type { Guard } from './guard.ts';

const sealed = 'lambdas/kernel/segments/sealed-streams.ts';

/** Guards of sealed history, which may be damaged at any place. */
export const sealedGuards: readonly Guard[] = [
  {
    name: 'segment-checksum',
    what: 'A damaged segment is not used.',
    file: sealed,
    changes: [
      { find: 'if (checksum !== segmentChecksum(segment)) {', replace: "if (checksum === 'none') {" },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/segments/damaged-history.spec.ts',
      why: 'Nearly all damages do not unpack, or break the chain of commits, which every reader checks.',
    },
  },
  {
    name: 'sealed-row-checksum',
    what: 'A damaged row of the past is not used.',
    file: sealed,
    changes: [
      { find: 'if (row.checksum === rowChecksum(row)) {', replace: "if (row.checksum !== 'none') {" },
    ],
    focus: 'damaged-past',
    hints: [395],
  },
  {
    name: 'head-checksum',
    what: 'A damaged head of sealed history is not used.',
    file: sealed,
    changes: [
      {
        find: 'if (head.checksum !== headChecksum(head)) throw',
        replace: "if (head.checksum === 'none') throw",
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/segments/damaged-history.spec.ts',
      why: 'A stream must lose its snapshot, and a command must come again whose place in the head is damaged.',
    },
  },
  {
    name: 'segments-are-gapless',
    what: 'A segment is used only where it follows the one before.',
    file: sealed,
    changes: [
      {
        find: 'if (isNext ? hashBefore !== from.hash : firstVersion > from.version || version <= from.version) {',
        replace: 'if (hashBefore === from.hash && firstVersion < 0) {',
      },
      { find: 'if (commits[0]?.version !== from.version + 1) {', replace: 'if (commits.length < 0) {' },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/segments/damaged-history.spec.ts',
      why: 'What does not follow leaves a gap or breaks the chain of commits, and every reader checks both.',
    },
  },
  {
    name: 'sealed-fits-log',
    what: 'Sealed history is used only if the log has the commit that it ends with.',
    file: sealed,
    changes: [{ find: 'if (!fits) throw', replace: 'if (!fits && version < 0) throw' }],
    unfound: {
      elsewhere: 'lambdas/kernel/segments/damaged-history.spec.ts',
      why: 'It is about a log that was restored, or segments that were forged with a right checksum.',
    },
  },
];
