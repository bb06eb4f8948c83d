import type { PersonCommand } from '../../../lambdas/contexts/person/domain/person.ts';
import { personIndex } from '../../../lambdas/contexts/person/index/configured-index.ts';
import { dividedPersons, type TenantPersons } from '../../../lambdas/contexts/person-search.ts';
import {
  commandIdOfKey,
  defaultTenant,
  EventSourcingError,
  type SubjectKeys,
} from '../../../lambdas/kernel/index.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import type { Instance } from '../world/instance.ts';
import { answerOf } from './answer.ts';
import type { FoundPersons, PersonCall, PersonReply } from './api-calls.ts';
import { birthDate } from './commands.ts';
import { definitionsIn } from './definitions.ts';
import { personIndexName } from './tables.ts';

/** The part of the API that is about persons. */
export class PersonsApi {
  readonly #instance: Instance;
  readonly #persons: TenantPersons;
  readonly #handler;

  constructor(
    instance: Instance,
    platform: build.Platform,
    side: build.CommandSide & { readonly keys: SubjectKeys },
  ) {
    this.#instance = instance;
    this.#persons = dividedPersons(personIndex(platform, personIndexName), side.keys, () => defaultTenant);
    this.#handler = build.commandHandler(definitionsIn(instance.version).contexts.person, side);
  }

  /** The id of the person of a patient: of a known one, or a new one. */
  async idFor(identifier: string | undefined): Promise<string> {
    const [known] = identifier === undefined ? [] : await this.#persons.search({ identifier, birthDate });
    return known ?? this.#instance.effects.newId();
  }

  async find(identifier: string): Promise<FoundPersons> {
    return { persons: await this.#persons.search({ identifier, birthDate }) };
  }

  async command({ asks, personId: id, key }: PersonCall): Promise<PersonReply> {
    const known = await this.#persons.find(id);
    if (known === undefined)
      return { personId: id, answer: { outcome: 'refused', code: 'person/not-found' } };
    const { personId } = known;
    const { effects } = this.#instance;
    const now = effects.now();
    const request = {
      commandId: commandIdOfKey({ tenant: defaultTenant, caller: undefined }, key),
      intent: asks,
      now,
      correlationId: effects.newId(),
    };
    try {
      const result = await this.#handler.handle([{ id: personId, command: commandOf(asks, now) }], request);
      return { personId, answer: answerOf(result) };
    } catch (error) {
      if (!(error instanceof EventSourcingError)) throw error;
      return { personId, answer: { outcome: 'failed', code: error.code } };
    }
  }
}

function commandOf(asks: PersonCall['asks'], now: string): PersonCommand {
  switch (asks) {
    case 'hold':
      return { type: 'PlaceHold', now };
    case 'lift':
      return { type: 'LiftHold', now };
    case 'erase':
      return { type: 'RequestErasure', legalGround: 'consent-withdrawn', now };
  }
}
