import type { Guard } from './guard.ts';

const eventLog = 'lambdas/kernel/dynamodb/dynamodb-event-log.ts';

/** Guards of appending to the log and of reading it. */
export const logGuards: readonly Guard[] = [
  {
    name: 'put-condition',
    what: 'A commit is put only where there is none: of two writers one is refused.',
    file: eventLog,
    changes: [
      {
        find: "ConditionExpression: 'attribute_not_exists(#stream)',",
        replace: "ConditionExpression: 'attribute_not_exists(#stream) OR attribute_exists(#stream)',",
      },
    ],
  },
  {
    name: 'consistent-log-read',
    what: 'The log is read strongly consistent.',
    file: eventLog,
    changes: [
      {
        find: 'ConsistentRead: true,\n      KeyConditionExpression',
        replace: 'ConsistentRead: false,\n      KeyConditionExpression',
      },
    ],
    hints: [8],
  },
  {
    name: 'consistent-commit-read',
    what: 'A single commit is read strongly consistent.',
    file: eventLog,
    changes: [
      { find: 'ConsistentRead: true,\n        Key:', replace: 'ConsistentRead: false,\n        Key:' },
    ],
    hints: [42],
  },
  {
    name: 'own-commit-recognised',
    what: 'A put that is refused because its own earlier attempt succeeded counts as appended.',
    file: eventLog,
    changes: [{ find: 'return this.#resolve([commit], [error.Item]);', replace: "return 'conflict';" }],
    unfound: { speed: 'The command then finds its own commit in the log, as a retry does.' },
  },
  {
    name: 'other-commit-recognised',
    what: 'A put that is refused because of the commit of another writer does not count as appended.',
    file: eventLog,
    changes: [
      {
        find: 'if (!item || this.#commitOf(item).events[0]?.id !== commit.events[0]?.id)',
        replace: 'if (!item)',
      },
    ],
  },
  {
    name: 'append-cut-off',
    what: 'An append ends within its time, so that answers about the past know when all have ended.',
    file: eventLog,
    changes: [
      {
        find: 'await this.#client.send(write, { abortSignal });',
        replace: 'await this.#client.send(write);',
      },
      { find: 'if (isOver()) throw', replace: 'if (isOver() && false) throw' },
    ],
    hints: [45],
  },
  {
    name: 'no-late-attempt',
    what: 'No attempt of an append begins after its time, not even in a process that was paused.',
    file: eventLog,
    changes: [{ find: 'if (isOver()) throw', replace: 'if (isOver() && false) throw' }],
    unfound: {
      elsewhere: 'lambdas/kernel/dynamodb/append-time-limit.spec.ts',
      why: 'It is about a process that is paused between two attempts. No history pauses one.',
    },
  },
  {
    name: 'cut-off-is-unknown',
    what: 'Nobody knows the outcome of an append that was cut off: it is no conflict.',
    file: eventLog,
    changes: [
      {
        find: "if (error instanceof CutOffError || isAbort(error)) return 'unknown';",
        replace: "if (error instanceof CutOffError || isAbort(error)) return 'conflict' as 'unknown';",
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/dynamodb/append-time-limit.spec.ts',
      why: 'It differs from a conflict only if the command ends otherwise before the late append.',
    },
  },
  {
    name: 'gap-while-hydrating',
    what: 'A stream with a missing commit is not folded into a state.',
    file: 'lambdas/kernel/commit.ts',
    changes: [{ find: 'if (commit.version === version + 1) return;', replace: 'if (version >= 0) return;' }],
    unfound: {
      elsewhere: 'lambdas/kernel/memory/memory-event-log.spec.ts',
      why: 'It is about a log that somebody changed by hand. The histories do not damage the log.',
    },
  },
  {
    name: 'hash-link',
    what: 'Each commit continues the one before, by its hash.',
    file: 'lambdas/kernel/chain.ts',
    changes: [
      { find: 'if (previousHash === undefined || previousHash ===', replace: 'if (true || previousHash ===' },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/tampered-log.spec.ts',
      why: 'It is about a log that somebody changed by hand. The histories do not damage the log.',
    },
  },
  {
    name: 'stamp-of-attempt',
    what: 'A commit has the time of its own attempt to append, not that of the request.',
    file: 'lambdas/kernel/decide.ts',
    changes: [{ find: 'sources.clock.stamp(decided[0].hydrated.stream),', replace: 'request.now,' }],
    hints: [14],
  },
  {
    name: 'times-never-decrease',
    what: 'A commit is never stamped before the last one of its stream, whatever the clocks say.',
    file: 'lambdas/kernel/decide.ts',
    changes: [{ find: "...decided.map(({ hydrated }) => hydrated.committedAt ?? ''),", replace: '' }],
    hints: [43],
  },
  {
    name: 'settled-instant',
    what: 'An answer about an instant waits until no commit can get that time any more.',
    file: 'lambdas/kernel/commit-clock.ts',
    changes: [{ find: 'if (missingMs <= 0) return;', replace: 'if (missingMs <= Number.MAX_VALUE) return;' }],
    focus: 'hasty-questions',
    hints: [154],
  },
  {
    name: 'clock-offset',
    what: 'An instant is settled by the clock of the service, which may be behind that of the function.',
    file: 'lambdas/kernel/commit-clock.ts',
    changes: [
      {
        find: 'return this.#nowMs() - Math.max(0, this.#measured?.highestMs ?? clockOffsetMaxMs);',
        replace: 'return this.#nowMs() + clockOffsetMaxMs;',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/commit-clock.spec.ts',
      why: 'An append of more than a second by a clock at one bound must meet a question to a clock at the other: one history in thousands.',
    },
  },
];
