import type { Guard } from './guard.ts';

const handler = 'lambdas/kernel/command-handler.ts';
const recent = 'lambdas/kernel/recent-commands.ts';
const idempotency = 'lambdas/kernel/idempotency.ts';

/** Guards of carrying out commands: each once, on the newest state, with a true answer. */
export const commandGuards: readonly Guard[] = [
  {
    name: 'repeated-command',
    what: 'A command that is in the log already is not carried out again.',
    file: handler,
    changes: [
      {
        find: 'const repeated = await findRepeated({ log, catchUp }, hydrated, identity, request);',
        replace:
          'const repeated = false as unknown as Awaited<ReturnType<typeof findRepeated>>; void [log, catchUp];',
      },
    ],
  },
  {
    name: 'reused-key',
    what: 'A key that was used for another command is refused.',
    file: idempotency,
    changes: [{ find: 'if (isOf(commit, identity, form)) return commit;', replace: 'return commit;' }],
  },
  {
    name: 'expected-version',
    what: 'A command that names another version than that of the stream is refused.',
    file: handler,
    changes: [
      {
        find: 'if (!expectedVersion || expectedVersion(version)) return;',
        replace: 'if (version >= 0) return;',
      },
    ],
  },
  {
    name: 'answer-while-append-may-come',
    what: 'A command does not end while an append of it can still be carried out.',
    file: 'lambdas/kernel/sent-appends.ts',
    changes: [
      { find: 'if (commit === undefined) return;', replace: 'if (commit === undefined || true) return;' },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/cut-offs.spec.ts',
      why: 'A command must end otherwise in the moment between a cut-off and the late append. Too few histories meet it.',
    },
  },
  {
    name: 'own-append-is-no-repeat',
    what: 'A command whose own append was answered late is not answered as repeated.',
    file: handler,
    changes: [{ find: "sent.hasMade(repeated) ? 'committed' : 'repeated'", replace: "'repeated' as string" }],
    hints: [24],
  },
  {
    name: 'first-stream-read-again',
    what: 'If another stream proves that a command was carried out, its first stream is read again.',
    file: idempotency,
    changes: [
      { find: 'const newest = await catchUp(first);', replace: 'const newest = first; void catchUp;' },
    ],
    unfound: { speed: 'The search by time reads the log, and finds the commit too.' },
  },
  {
    name: 'key-window',
    what: 'A snapshot remembers the last commands, and those of a day.',
    file: recent,
    changes: [
      {
        find: 'export const rememberedSeconds = 24 * 60 * 60;',
        replace: 'export const rememberedSeconds = 1;',
      },
      { find: 'export const rememberedAtLeast = 100;', replace: 'export const rememberedAtLeast = 1;' },
    ],
  },
  {
    name: 'commands-noted',
    what: 'The commands of commits that are read after a snapshot are remembered too.',
    file: 'lambdas/kernel/catch-up.ts',
    changes: [{ find: 'saved.commands.note(commit);', replace: '' }],
  },
  {
    name: 'forgotten-command',
    what: 'A command on several streams is found by its time if the first stream no longer remembers it.',
    file: idempotency,
    changes: [
      {
        find: '(await findForgottenAs(log, newest, form, proof));',
        replace: 'undefined; void findForgottenAs;',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/forgotten-keys.spec.ts',
      why: 'A stream forgets a command after 100 later ones and a day, or after 5,000. No history is that long.',
    },
  },
  {
    name: 'command-noted-twice',
    what: 'A commit that is noted twice takes one place among the recent commands.',
    file: recent,
    changes: [{ find: 'if (version <= this.lastVersion) return;', replace: '' }],
    unfound: { speed: 'A command that is listed twice is only read twice.' },
  },
  {
    name: 'packed-key-alignment',
    what: 'The hash of a command is found only at the beginning of an entry.',
    file: recent,
    changes: [{ find: 'if (at % entryBytes === 0) versions', replace: 'versions' }],
    unfound: { speed: 'A wrong place only costs one more read: the commit there has another id.' },
  },
  {
    name: 'cache-keeps-newer-state',
    what: 'The memory of a process keeps the newer of two states.',
    file: 'lambdas/kernel/hydrated-cache.ts',
    changes: [{ find: '(present && present.version > version)', replace: '(present && false)' }],
    unfound: {
      speed: 'Before each decision the later commits are read, so an older state only costs reads.',
    },
  },
  {
    name: 'cached-state-is-caught-up',
    what: 'A state from the memory of a process is caught up from the log before a decision.',
    file: 'lambdas/kernel/hydrator.ts',
    changes: [{ find: '(known ? this.catchUp(known) :', replace: '(known ? known :' }],
  },
  {
    name: 'commit-of-snapshot-skipped',
    what: 'The commit that a snapshot ends with is not folded again.',
    file: 'lambdas/kernel/catch-up.ts',
    changes: [
      {
        find: 'end = endOf(commit);\n        isChecked = true;\n        continue;',
        replace:
          'isChecked = true;\n        end = { version: commit.version - 1, hash: commit.previousHash };',
      },
    ],
  },
  {
    name: 'snapshot-fits-log',
    what: 'A snapshot is used only if the log has the commit that it ends with.',
    file: 'lambdas/kernel/catch-up.ts',
    changes: [{ find: 'requireEndOf(commit, from);', replace: 'void requireEndOf;' }],
    unfound: {
      elsewhere: 'lambdas/kernel/unusable-snapshots.spec.ts',
      why: 'It is about a snapshot of another version or history. The histories damage the content of snapshots.',
    },
  },
  {
    name: 'snapshot-is-plausible',
    what: 'A snapshot is used only if each part of it can be what was saved.',
    file: 'lambdas/kernel/usable-snapshot.ts',
    changes: [{ find: 'isVersion(version) &&', replace: 'true ||\n    isVersion(version) &&' }],
    unfound: {
      elsewhere: 'lambdas/kernel/unusable-snapshots.spec.ts',
      why: 'A state that cannot be folded is read from the log in any case. Without it a command only gets no answer.',
    },
  },
  {
    name: 'snapshot-of-other-code',
    what: 'A snapshot of another version of the code is not used.',
    file: 'lambdas/kernel/usable-snapshot.ts',
    changes: [
      {
        find: 'if (snapshot === undefined || isOfOtherStateVersion(snapshot, decider)) return none;',
        replace: 'if (snapshot === undefined) return none;',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/hydrator.spec.ts',
      why: 'Both versions of the code in a history have states of the same form.',
    },
  },
  {
    name: 'newer-snapshot-stays',
    what: 'A snapshot does not replace a newer one.',
    file: 'lambdas/kernel/dynamodb/dynamodb-snapshot-store.ts',
    changes: [{ find: '...(!replace && this.#olderThan(snapshot)),', replace: '' }],
    unfound: { speed: 'An older snapshot is as right as a newer one: more commits are read after it.' },
  },
  {
    name: 'sweep-command-id',
    what: 'The sweep derives the id of a command from the event that set the target.',
    file: 'lambdas/contexts/metrics/automations/sweep.ts',
    changes: [
      {
        find: 'commandId: commandIdOfReaction(sweeper, targetEventId),',
        replace: 'commandId: commandIdOfReaction(sweeper, `$' + '{targetEventId} $' + '{now}`),',
      },
      { find: 'earlier: { commandId: correlationId, actor: sweeper },', replace: '' },
    ],
    unfound: { speed: 'A target that has expired is not pending, so the decider expires it once.' },
  },
  {
    name: 'recorder-command-id',
    what: 'The recorder derives the id of a command from the upload, so the first finding of an upload counts.',
    file: 'lambdas/contexts/dispense/automations/analysis/record-outcome.ts',
    changes: [
      {
        find: 'commandId: commandIdOfReaction(automationName, eventId),',
        replace: 'commandId: commandIdOfReaction(automationName, `$' + '{eventId} $' + '{now()}`),',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/contexts/dispense/automations/analysis/record-findings.spec.ts',
      why: 'The decider ignores a second finding of an upload, because its analysis has ended.',
    },
  },
];
