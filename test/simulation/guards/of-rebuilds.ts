import type { Guard } from './guard.ts';

const generations = 'lambdas/kernel/generations.ts';
const stored = 'lambdas/kernel/dynamodb/dynamodb-generations.ts';
const rebuilder = 'lambdas/system/rebuilder/rebuilder.ts';
const writer = 'lambdas/kernel/dynamodb/dynamodb-row-writer.ts';

/** Guards of rebuilding a read model and of the switch. */
export const rebuildGuards: readonly Guard[] = [
  {
    name: 'new-generation-written',
    what: 'Projectors write the generation that is being built too.',
    file: generations,
    changes: [
      { find: '...(isFollowing ? [building.generation] : []),', replace: '...(isFollowing ? [] : []),' },
    ],
    focus: 'rush-at-rebuild',
    hints: [216],
  },
  {
    name: 'previous-generation-written',
    what: 'Projectors write the generation before the switch too, so that it can be undone.',
    file: generations,
    changes: [
      {
        find: '...(previous === undefined ? [] : [previous]),',
        replace: '...(previous === undefined ? [] : []),',
      },
    ],
    focus: 'rush-at-rebuild',
    hints: [30],
  },
  {
    name: 'generations-expire',
    what: 'A function uses the generations that it has read for two seconds.',
    file: 'lambdas/kernel/cached-generations.ts',
    changes: [
      {
        find: 'if (this.#known && this.#isWithin(this.#known, generationCacheMs)) return this.#known;',
        replace: 'if (this.#known) return this.#known;',
      },
    ],
    focus: 'rush-at-rebuild',
    hints: [600],
  },
  {
    name: 'consistent-generations-read',
    what: 'The generations are read strongly consistent.',
    file: stored,
    changes: [{ find: 'ConsistentRead: true', replace: 'ConsistentRead: false' }],
    hints: [94],
  },
  {
    name: 'generations-at-revision',
    what: 'A change of the generations applies only to the state that it was decided on.',
    file: stored,
    changes: [{ find: '...this.#atRevision(from.revision),', replace: '' }],
    focus: 'rival-operators',
    hints: [25],
  },
  {
    name: 'own-change-recognised',
    what: 'A change of the generations whose answer was lost is not made twice.',
    file: stored,
    changes: [
      {
        find: "if (stored !== generationAttributes(state)['state']?.S) return { outcome: 'conflict' } as const;",
        replace: "if (stored !== '') return { outcome: 'conflict' } as const;",
      },
    ],
    focus: 'rush-at-rebuild',
    hints: [494],
  },
  {
    name: 'settle-wait-of-compare',
    what: 'Rows are compared only when every projector writes the new generation.',
    file: rebuilder,
    changes: [
      {
        find: 'return followingSince && laterBy(followingSince, this.#dependencies.settleMs);',
        replace: 'return followingSince;',
      },
    ],
    focus: 'rush-at-rebuild',
    hints: [108],
  },
  {
    name: 'settle-wait-of-removal',
    what: 'Rows are deleted only when no projector can write them any more.',
    file: rebuilder,
    changes: [
      {
        find: 'const removableAt = laterBy(own.since, this.#dependencies.settleMs);\n    if (now',
        replace: 'const removableAt = own.since;\n    if (now',
      },
    ],
    focus: 'rival-operators',
    hints: [678],
  },
  {
    name: 'compare-catches-up',
    what: 'Rows that are behind are caught up from the log before the switch.',
    file: 'lambdas/kernel/rebuild/compare-part.ts',
    changes: [
      {
        find: 'counts.parked += (await catchUpStreams(work, counts, streams)).length;',
        replace: 'void streams;',
      },
    ],
    focus: 'rush-at-rebuild',
    hints: [115],
  },
  {
    name: 'others-follow-active',
    what: 'What the active generation has read from the log, the others read too: no row goes back at a switch.',
    file: 'lambdas/kernel/projector.ts',
    changes: [
      {
        find: 'return { ...update, reachedVersion: Math.max(update.reachedVersion, version) };',
        replace:
          'return { ...update, reachedVersion: Math.min(update.reachedVersion, version || Number.MAX_VALUE) };',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/generational-projector.spec.ts',
      why: 'What is behind is owed by a delivery, so in the end nothing is lost. The model of the switch needs it too.',
    },
  },
  {
    name: 'rebuilt-row-stays-newer',
    what: 'A rebuild does not replace a newer row that a projector has written.',
    file: writer,
    changes: [
      {
        find: 'await putNewer(this.#target, this.#items.row(id, row));',
        replace: 'await batchPut(this.#target, [this.#items.row(id, row)]);',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/dynamodb/dynamodb-row-writer.spec.ts',
      why: 'The old row must be written after the comparison, which is a minute and a half later. No request takes so long.',
    },
  },
  {
    name: 'rebuilt-lines-before-row',
    what: 'A rebuild stores the lines of a row before the row.',
    file: writer,
    changes: [
      {
        find: 'const pending = this.#pending.get(id);\n    if (pending === undefined) {',
        replace: 'const pending = this.#pending.get(`$' + '{id} `);\n    if (pending === undefined) {',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/dynamodb/dynamodb-row-writer.spec.ts',
      why: 'A fold must be killed between a line and its row after progress was stored, and that is after 32 pages of the log.',
    },
  },
  {
    name: 'fold-resumes-at-row',
    what: 'A fold that was killed continues a stream from its stored row, not from what was noted before.',
    file: 'lambdas/kernel/rebuild/fold-part.ts',
    changes: [
      { find: 'current.isRead = open.isRead || ahead !== 0;', replace: 'current.isRead = open.isRead;' },
    ],
    unfound: {
      second: 'Commits that do not follow the row do not fold, and then the stream is read by itself too.',
    },
  },
  {
    name: 'consistent-log-scan',
    what: 'A rebuild scans the log strongly consistent.',
    file: 'lambdas/kernel/dynamodb/dynamodb-log-scan.ts',
    changes: [{ find: 'ConsistentRead: true,', replace: 'ConsistentRead: false,' }],
    unfound: {
      speed: 'What a scan misses, the comparison catches up: the active generation has those commits.',
    },
  },
];
