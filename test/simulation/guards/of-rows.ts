import type { Guard } from './guard.ts';

const readModel = 'lambdas/kernel/dynamodb/dynamodb-read-model.ts';
const batches = 'lambdas/kernel/dynamodb/dynamodb-batches.ts';
const batch = 'lambdas/kernel/lambda/project-batch.ts';
const batchProgress = 'lambdas/kernel/lambda/batch-progress.ts';

/** Guards of the rows that projectors write. */
export const rowGuards: readonly Guard[] = [
  {
    name: 'row-at-version',
    what: 'A row replaces only the version that it was folded from.',
    file: readModel,
    changes: [{ find: '...atVersion(this.#table, expectedVersion),', replace: '' }],
    hints: [43],
  },
  {
    name: 'lines-before-row',
    what: 'The lines of a row are stored before the row, so no line is missing behind its version.',
    file: readModel,
    changes: [
      {
        find: 'await Promise.all([this.#putLines(id, lines), this.#putEntry(id, version, row)]);',
        replace: '',
      },
      {
        find: "return 'saved';",
        replace:
          "await Promise.all([this.#putLines(id, lines), this.#putEntry(id, version, row)]);\n      return 'saved';",
      },
    ],
  },
  {
    name: 'newer-line-stays',
    what: 'A line or an entry of a list does not replace a newer one.',
    file: 'lambdas/kernel/dynamodb/put-newer.ts',
    changes: [
      {
        find: "'attribute_not_exists(#version) OR #version < :version'",
        replace: "'attribute_not_exists(#version) OR #version < :version OR #version >= :version'",
      },
    ],
    hints: [93],
  },
  {
    name: 'gap-while-folding',
    what: 'A row is not folded over a gap between commits: the missing ones are read from the log.',
    file: 'lambdas/kernel/fold.ts',
    changes: [{ find: 'if (commit.version !== version + 1) {', replace: 'if (commit.version < 0) {' }],
  },
  {
    name: 'skip-and-gap-while-folding',
    what: 'A commit that a row reflects already is not folded into it again.',
    file: 'lambdas/kernel/fold.ts',
    changes: [
      { find: 'if (lastVersionOf(commit) <= version) continue;', replace: 'void lastVersionOf;' },
      { find: 'if (commit.version !== version + 1) {', replace: 'if (commit.version > version + 1) {' },
    ],
  },
  {
    name: 'skip-while-folding',
    what: 'A commit that a row reflects already is skipped.',
    file: 'lambdas/kernel/fold.ts',
    changes: [{ find: 'if (lastVersionOf(commit) <= version) continue;', replace: 'void lastVersionOf;' }],
    unfound: { speed: 'The check of gaps refuses it too, and then the row is folded from the log.' },
  },
  {
    name: 'projector-early-return',
    what: 'An update that the row reflects already is not folded.',
    file: 'lambdas/kernel/catch-up-row.ts',
    changes: [{ find: 'if (update.reachedVersion <= before) return', replace: 'if (before < 0) return' }],
    unfound: { speed: 'Folding skips those commits too, and does not write a row that did not change.' },
  },
  {
    name: 'log-reaches-update',
    what: 'An update that names more commits than the batch has is completed from the log.',
    file: 'lambdas/kernel/catch-up-row.ts',
    changes: [
      {
        find: "if (fromUpdate.outcome === 'saved' && version >= update.reachedVersion) {",
        replace: "if (fromUpdate.outcome === 'saved') {",
      },
    ],
    hints: [7],
  },
  {
    name: 'unprocessed-writes',
    what: 'What DynamoDB leaves out of a batch of writes is sent again.',
    file: batches,
    changes: [
      {
        find: 'return UnprocessedItems?.[tableName] ?? [];',
        replace: 'void UnprocessedItems;\n      return [];',
      },
    ],
    hints: [17],
  },
  {
    name: 'unprocessed-reads',
    what: 'What DynamoDB leaves out of a batch of reads is asked for again.',
    file: batches,
    changes: [
      {
        find: 'return UnprocessedKeys?.[tableName]?.Keys ?? [];',
        replace: 'void UnprocessedKeys;\n      return [];',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/dynamodb/dynamodb-batches.spec.ts',
      why: 'A projector reads a row that it misses again. A list would lack rows, but few histories ask for one while reads are left out.',
    },
  },
  {
    name: 'consistent-row-read',
    what: 'A projector reads rows strongly consistent.',
    file: readModel,
    changes: [
      { find: 'batchGet(this.#batches, keys, true)', replace: 'batchGet(this.#batches, keys, false)' },
    ],
    unfound: {
      speed: 'The put of a row that was folded from an old one is refused, and the row is read again.',
    },
  },
  {
    name: 'outage-parks-nothing',
    what: 'A stream that an outage stops is not parked: its records come again.',
    file: 'lambdas/kernel/row-projector.ts',
    changes: [
      {
        find: "if (isHopeless(error) || !isOutage(error)) return { outcome: 'faulty', error };",
        replace: "if (isHopeless(error) || error !== undefined) return { outcome: 'faulty', error };",
      },
    ],
    focus: 'throttled-writes',
    hints: [108],
  },
  {
    name: 'failed-records-reported',
    what: 'A projector tells Lambda the first record that it could not handle.',
    file: batch,
    changes: [
      {
        find: 'batchItemFailures: failure ? [{ itemIdentifier: numberOf(failure) }] : []',
        replace: 'batchItemFailures: failure && [] || []',
      },
    ],
  },
  {
    name: 'failed-messages-reported',
    what: 'The TODO projector tells Lambda the messages that it could not handle.',
    file: 'lambdas/kernel/lambda/project-messages.ts',
    changes: [
      {
        find: 'response: { batchItemFailures: failedIds.map((itemIdentifier) => ({ itemIdentifier })) },',
        replace: 'response: { batchItemFailures: [] },',
      },
    ],
    hints: [30],
  },
  {
    name: 'progress-before-failure',
    what: 'The progress of a projector ends before the first record that it could not handle.',
    file: batchProgress,
    changes: [
      {
        find: 'const done = lowest === -1 ? records : records.slice(0, lowest);',
        replace: 'const done = records;',
      },
    ],
    focus: 'throttled-writes',
  },
  {
    name: 'begin-is-noted',
    what: 'Where several batches of a shard may run, each notes where it begins.',
    file: batchProgress,
    changes: [{ find: 'if (batchesPerShard === 1) return;', replace: 'if (batchesPerShard > 0) return;' }],
    hints: [52],
  },
  {
    name: 'unnoted-batch-comes-again',
    what: 'A batch whose progress cannot be noted comes again, so that no note says for ever that it is unfinished.',
    file: batchProgress,
    changes: [
      {
        find: 'if (isOutage(error)) again ??= records[0]?.record;',
        replace: 'if (!isOutage(error)) again ??= records[0]?.record;',
      },
    ],
    focus: 'throttled-writes',
  },
];
