import { randomUUID } from 'node:crypto';
import { dispenseContext } from '../../lambdas/contexts/dispense/context.ts';
import {
  CommandHandler,
  commandIdOfKey,
  defaultTenant,
  type SubjectKeys,
  streamName,
} from '../../lambdas/kernel/index.ts';
import { type LocalKeys, openLocalKeys } from '../data/local-keys.ts';
import { noEncryption } from '../data/no-encryption.ts';
import type { Contender, Repetitions } from '../measure/in-turns.ts';
import { measure, type Result, type Row } from '../measure/row.ts';
import type { World } from '../world.ts';

/** Rows of a page. */
const pageRows = 100;

const patient = { name: 'Jane Doe', birthDate: '1980-02-29', identifier: 'NHS 943 476 5919' };

/** Commands with personal fields and pages of them, each beside the same without encryption or with keys in memory. */
export async function encryptRows(world: World, repetitions: Repetitions): Promise<Row[]> {
  world.say('encrypt: commands with keys, pages of 100 rows');
  using keys = await openLocalKeys(world.client);
  const page = await pageOf(keys);
  const warm = keys.cold();
  const rows: Row[] = [];
  for (const [what, events, contenders] of [
    [
      'command, key in memory',
      1,
      [await corrections(world, keys.cold()), await corrections(world, noEncryption)],
    ],
    [
      'command, key in the table',
      1,
      [await coldCorrections(world, keys), await corrections(world, noEncryption)],
    ],
    ['first command, new key', 1, [starts(world, keys.cold()), starts(world, noEncryption)]],
    [`page of ${pageRows} rows, keys in the table`, pageRows, [page(() => keys.cold()), page(() => warm)]],
  ] as const) {
    const before = keys.calls;
    const [ours, beside] = (await measure(world, contenders, repetitions)) as [Result, Result];
    world.say(`  ${what}: ${keys.calls - before} calls of KMS`);
    rows.push({ group: 'encrypt', what, events, ours, beside, compared: 'time' });
  }
  return rows;
}

type Handler = ReturnType<typeof handlerOf>;

function nameOf(keys: SubjectKeys): string {
  return keys === noEncryption ? 'without encryption' : 'with keys';
}

function handlerOf({ side }: World, keys: SubjectKeys) {
  return new CommandHandler({ ...side, ...dispenseContext, keys });
}

async function sent(
  handler: Handler,
  id: string,
  command: Parameters<Handler['handle']>[0][0]['command'],
): Promise<void> {
  const commandId = commandIdOfKey({ tenant: defaultTenant, caller: 'bench' }, randomUUID());
  const now = new Date().toISOString();
  const request = { commandId, intent: { id }, now, correlationId: randomUUID(), actor: 'bench' };
  const result = await handler.handle([{ id, command }], request);
  if (result.outcome !== 'committed') throw new Error(`A measured command was ${result.outcome}.`);
}

/** A new dispense with a patient. */
async function dispenseIn(handler: Handler): Promise<string> {
  const id = randomUUID();
  const now = new Date().toISOString();
  await sent(handler, id, { type: 'Start', now });
  await sent(handler, id, { type: 'AddPatient', ...patient, personId: randomUUID(), now });
  return id;
}

/** Each run corrects a patient: an event with three personal fields, on a stream that is in memory. */
async function corrections(world: World, keys: SubjectKeys): Promise<Contender> {
  const handler = handlerOf(world, keys);
  const id = await dispenseIn(handler);
  return { name: nameOf(keys), run: () => correct(handler, id) };
}

let corrected = 0;

/** A correction that changes nothing would have no event. */
function correct(handler: Handler, id: string): Promise<void> {
  corrected += 1;
  const now = new Date().toISOString();
  const name = `Jane Doe ${corrected}`;
  return sent(handler, id, { type: 'CorrectPatient', ...patient, name, personId: randomUUID(), now });
}

/** The same with an empty cache of keys in each run. */
async function coldCorrections(world: World, keys: LocalKeys): Promise<Contender> {
  let current = keys.cold();
  const handler = handlerOf(world, {
    find: (name) => current.find(name),
    findAll: (names) => current.findAll(names),
    create: (name) => current.create(name),
  });
  const id = await dispenseIn(handler);
  const run = () => {
    current = keys.cold();
    return correct(handler, id);
  };
  return { name: 'with keys', run };
}

function starts(world: World, keys: SubjectKeys): Contender {
  const handler = handlerOf(world, keys);
  const run = () => sent(handler, randomUUID(), { type: 'Start', now: new Date().toISOString() });
  return { name: nameOf(keys), run };
}

/** Finds the keys of a page and decrypts one value of each row. */
async function pageOf(keys: LocalKeys): Promise<(from: () => SubjectKeys) => Contender> {
  const writer = keys.cold();
  const values = await Promise.all(
    Array.from({ length: pageRows }, async () => {
      const stream = streamName('dispense', randomUUID());
      const key = await writer.create(stream);
      return { stream, envelope: key.encrypt(stream, { eventId: randomUUID(), path: 'name' }, patient.name) };
    }),
  );
  const names = values.map(({ stream }) => stream);
  return (from) => ({
    name: 'keys in memory',
    run: async () => {
      const found = await from().findAll(names);
      for (const { stream, envelope } of values) {
        if (found.get(stream)?.decrypt(stream, envelope) !== patient.name)
          throw new Error('A key is missing.');
      }
    },
  });
}
