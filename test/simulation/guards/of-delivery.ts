import type { Guard } from './guard.ts';

const publishBatch = 'lambdas/kernel/lambda/publish-batch.ts';

/** Guards of publishing commits, and of what waits or is parked. */
export const deliveryGuards: readonly Guard[] = [
  {
    name: 'refused-records',
    what: 'Records that Kinesis leaves out of a call are sent again.',
    file: 'lambdas/messaging/kinesis-publisher.ts',
    changes: [
      {
        find: 'return notAccepted(entry, ErrorCode);',
        replace: 'return (void [notAccepted, ErrorCode], { deferred: [], refused: [] });',
      },
    ],
    focus: 'nowhere-to-wait',
    hints: [91],
  },
  {
    name: 'refused-messages',
    what: 'Messages that SQS leaves out of a call are sent again.',
    file: 'lambdas/messaging/sqs-publisher.ts',
    changes: [
      {
        find: 'const others = [...messages.entries()].filter(([index]) => !accepted.has(String(index)));',
        replace: 'const others = [...messages.entries()].filter(() => accepted.size < 0);',
      },
    ],
    focus: 'nowhere-to-wait',
    hints: [31],
  },
  {
    name: 'deferred-commits-wait',
    what: 'Commits that a destination does not accept wait for it.',
    file: 'lambdas/kernel/lambda/deliver.ts',
    changes: [{ find: 'await waitingRoom.add(rows);', replace: 'void [waitingRoom, rows];' }],
    focus: 'nowhere-to-wait',
    hints: [31],
  },
  {
    name: 'unkept-commits-come-again',
    what: 'Commits that can neither be sent nor wait are delivered again.',
    file: 'lambdas/kernel/lambda/deliver.ts',
    changes: [
      { find: 'failed: [...notParked, ...(mayWait ? [] : sent.deferred)],', replace: 'failed: notParked,' },
    ],
    focus: 'nowhere-to-wait',
    hints: [242],
  },
  {
    name: 'failed-commits-reported',
    what: 'The publisher tells Lambda the first commit that it could not handle.',
    file: publishBatch,
    changes: [
      {
        find: "batchItemFailures: lowest ? [{ itemIdentifier: sequenceNumbers.get(lowest) ?? '' }] : []",
        replace: 'batchItemFailures: lowest && [] || []',
      },
    ],
    focus: 'nowhere-to-wait',
    hints: [242],
  },
  {
    name: 'progress-of-publisher',
    what: 'The publisher notes no progress beyond a commit that failed.',
    file: publishBatch,
    changes: [
      {
        find: 'return positions.filter(({ category }) => !behind.has(category));',
        replace: 'return positions.filter(() => behind.size >= 0);',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/lambda/publish-batch.spec.ts',
      why: 'Only health reads this progress. Histories judge the progress of projectors.',
    },
  },
  {
    name: 'waiting-until-accepted',
    what: 'A commit waits until the destination has accepted it.',
    file: 'lambdas/kernel/lambda/drain-waiting.ts',
    changes: [
      {
        find: 'await dependencies.waitingRoom.remove(done);',
        replace: 'await dependencies.waitingRoom.remove(rows);',
      },
    ],
    focus: 'nowhere-to-wait',
    hints: [876],
  },
  {
    name: 'finding-comes-again',
    what: 'A finding that could not be recorded is delivered again.',
    file: 'lambdas/contexts/dispense/automations/analysis/record-findings.ts',
    changes: [{ find: 'failed.push(messageId);', replace: '' }],
    focus: 'analyses-in-outages',
    hints: [847],
  },
  {
    name: 'upload-is-analyzed-later',
    what: 'An upload that a passing fault stopped is sent to its queue again.',
    file: 'lambdas/contexts/dispense/automations/analysis/analyze-uploads.ts',
    changes: [{ find: 'await queue.sendAgain(record.body, again);', replace: 'void queue;' }],
    focus: 'analyses-in-outages',
    hints: [595],
  },
  {
    name: 'unread-upload-is-recorded',
    what: 'An upload that the analyzer received twice and did not finish is recorded as failed.',
    file: 'lambdas/contexts/dispense/automations/analysis/record-unread.ts',
    changes: [
      {
        find: "await recordOutcome(upload, async () => ({ type: 'failed', reason }), dependencies);",
        replace: 'void reason;',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/contexts/dispense/automations/analysis/record-unread.spec.ts',
      why: 'The analyzer must be killed twice with the same upload. Too few histories meet it.',
    },
  },
  {
    name: 'unread-upload-comes-again',
    what: 'An upload that could not be recorded as failed is delivered again.',
    file: 'lambdas/contexts/dispense/automations/analysis/record-unread.ts',
    changes: [{ find: 'failed.push(messageId);', replace: '' }],
    unfound: {
      elsewhere: 'lambdas/contexts/dispense/automations/analysis/record-unread.spec.ts',
      why: 'An outage of the log must begin while an upload waits that was received twice. Too few histories meet it.',
    },
  },
  {
    name: 'seal-request-comes-again',
    what: 'A request to seal a stream comes again if the stream could not be sealed.',
    file: 'lambdas/messaging/seal-batch.ts',
    changes: [{ find: 'if (!result.done) failed.push(messageIds);', replace: 'void messageIds;' }],
    unfound: { speed: 'The log has everything that is not sealed, and the next request seals it.' },
  },
  {
    name: 'later-parked-entry-stays',
    what: 'A parked entry of a later version is not released by an earlier one.',
    file: 'lambdas/kernel/dynamodb/dynamodb-parking-lot.ts',
    changes: [
      {
        find: "'attribute_not_exists(#version) OR #version <= :reached'",
        replace: "'attribute_not_exists(#version) OR #version <= :reached OR #version > :reached'",
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/dynamodb/simulated-adapters.spec.ts',
      why: 'A stream must be parked again while an earlier success releases it.',
    },
  },
];
