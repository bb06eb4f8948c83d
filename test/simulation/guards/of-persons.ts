import type { Guard } from './guard.ts';

const erasing = 'lambdas/contexts/person/automations/erasing';
const index = 'lambdas/contexts/person/index';
const eventFirst = 'await category.erase(stream, { ...erasure, traceparent }, now());';

/** Guards of encryption, of the index of persons, and of erasures. */
export const personGuards: readonly Guard[] = [
  {
    name: 'key-created-once',
    what: 'A key is stored only where there is none: what the one before has encrypted stays readable.',
    file: 'lambdas/kernel/dynamodb/dynamodb-subject-key-store.ts',
    changes: [
      { find: "          ConditionExpression: 'attribute_not_exists(#subject)',\n", replace: '' },
      {
        find: "          ExpressionAttributeNames: { '#subject': this.#table.partitionKey },\n",
        replace: '',
      },
    ],
  },
  {
    name: 'keys-expire-in-caches',
    what: 'A process uses a key for five minutes: then nobody reads what a destroyed key encrypted.',
    file: 'lambdas/kernel/privacy/key-cache.ts',
    changes: [{ find: 'ageMs >= 0 && ageMs < keyCacheMs', replace: 'ageMs >= 0' }],
    unfound: {
      elsewhere: 'lambdas/kernel/privacy/cached-subject-keys.spec.ts',
      why: 'Views hide what a stream says to be erased, so histories meet this rarely.',
    },
  },
  {
    name: 'identity-under-the-key',
    what: 'The id of a command is under the key of its stream: nobody can confirm a guess of it.',
    file: 'lambdas/kernel/command-identity.ts',
    changes: [
      {
        find: 'return this.keyedOn(stream) ?? this.plainOn(stream);',
        replace: 'return this.plainOn(stream);',
      },
    ],
  },
  {
    name: 'keyed-repeat-recognised',
    what: 'A command that was carried out is recognised by its identity under the key.',
    file: 'lambdas/kernel/idempotency.ts',
    changes: [{ find: '    { on: (stream) => identity.keyedOn(stream), isOurs },\n', replace: '' }],
  },
  {
    name: 'key-looked-for-again',
    what: 'A command looks for the key again after it has read the stream: the first commit can have come between.',
    file: 'lambdas/kernel/command-handler.ts',
    changes: [{ find: '      await keys.findCreated(states);\n', replace: '' }],
    unfound: {
      elsewhere: 'lambdas/kernel/personal-commands.spec.ts',
      why: 'Two attempts must create the key at the same moment.',
    },
  },
  {
    name: 'erased-stream-gets-no-key',
    what: 'A stream whose key is destroyed gets no new one.',
    file: 'lambdas/kernel/command-keys.ts',
    changes: [{ find: 'if (version === 0) return;', replace: 'if (version >= 0) return;' }],
    unfound: {
      elsewhere: 'lambdas/kernel/personal-commands.spec.ts',
      why: 'In a history, the event of the erasure comes first, so commands are refused.',
    },
  },
  {
    name: 'erased-event-before-key',
    what: 'The event of an erasure is in the log before the key is destroyed: then nothing is added any more.',
    file: `${erasing}/erase-stream.ts`,
    changes: [{ find: eventFirst, replace: `await keys.destroy(stream);\n  ${eventFirst}` }],
  },
  {
    name: 'unlink-at-the-end',
    what: 'A stream leaves its person last: an erasure that was cut off finds it by that.',
    file: `${erasing}/erase-stream.ts`,
    changes: [{ find: eventFirst, replace: `await persons.unlink(stream);\n  ${eventFirst}` }],
    unfound: {
      elsewhere: 'lambdas/contexts/person/automations/erasing/erase-person.spec.ts',
      why: 'The eraser must be killed between two of its calls.',
    },
  },
  {
    name: 'late-copies-deleted',
    what: 'Documents are deleted once more after a while: one that was being copied comes back.',
    file: `${erasing}/erase-stream.ts`,
    changes: [
      {
        find: "  if (documents.length > 0) await queue.send({ type: 'again', stream }, lateCopiesAfterSeconds);\n",
        replace: '',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/contexts/person/automations/erasing/handle-erasures.spec.ts',
      why: 'A copy must be under way at the moment of the erasure.',
    },
  },
  {
    name: 'person-marked-before-streams',
    what: 'A person is marked before the streams are erased: a stream that comes late is noticed.',
    file: `${erasing}/erase-person.ts`,
    changes: [{ find: '  await persons.begin(tenant, personId, request.at);\n', replace: '' }],
  },
  {
    name: 'request-passed-on',
    what: 'If a person is the same as another, the erasure is passed on to the other, who has the streams.',
    file: `${erasing}/erase-person.ts`,
    changes: [{ find: 'if (sameAs !== undefined && !request.isDone)', replace: 'if (sameAs === "")' }],
    unfound: {
      elsewhere: 'lambdas/contexts/person/automations/erasing/erase-person.spec.ts',
      why: 'A request must come in the seconds before two persons turn out to be one.',
    },
  },
  {
    name: 'no-link-to-the-erased',
    what: 'Nothing is linked to a person who is erased.',
    file: `${index}/link.ts`,
    changes: [
      {
        find: 'if (personId !== undefined && (await isErased(',
        replace: 'if (personId === "" && (await isErased(',
      },
    ],
  },
  {
    name: 'late-streams-erased',
    what: 'A stream that names an erased person is sent to the eraser.',
    file: 'lambdas/contexts/person/automations/indexing/index-persons.ts',
    changes: [
      {
        find: "await erasures.send({ type: 'late-stream', stream, person: personStream(tenant, linked.personId) });",
        replace: 'void [erasures, personStream];',
      },
    ],
  },
  {
    name: 'entry-decides-who-it-is',
    what: 'Of two first dispenses of a person, the second becomes one of the first.',
    file: `${index}/link.ts`,
    changes: [
      {
        find: 'if (stored === undefined || (await isErased(transaction, tenant, stored.personId))) return undefined;',
        replace: 'if (stored !== undefined || (await isErased(transaction, tenant, ""))) return undefined;',
      },
      { find: '  return stored.personId;\n', replace: '  return undefined;\n' },
    ],
  },
  {
    name: 'older-links-ignored',
    what: 'An older version of a stream does not change its link.',
    file: `${index}/link.ts`,
    changes: [{ find: 'linked.version >= version', replace: 'linked.version === version' }],
    unfound: {
      elsewhere: 'lambdas/contexts/person/index/memory-person-index.spec.ts',
      why: 'The indexer reads the log, so an older version comes only from one that was held up.',
    },
  },
  {
    name: 'envelope-in-its-place',
    what: 'A ciphertext that was moved to another event or field is not read.',
    file: 'lambdas/kernel/event-definitions.ts',
    changes: [
      {
        find: 'requireOwnEnvelopes(stream, event);\n  const current',
        replace: 'const current',
      },
    ],
    unfound: {
      elsewhere: 'lambdas/kernel/envelope.spec.ts',
      why: 'Nobody changes the log in a history.',
    },
  },
];
