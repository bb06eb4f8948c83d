import { uploadStored } from '../../../lambdas/contexts/dispense/api/upload.ts';
import { revealed } from '../../../lambdas/http/revealing.ts';
import {
  type CommandRequest,
  type CommandResult,
  commandIdOfKey,
  commandIdWithoutKey,
  defaultTenant,
  EventSourcingError,
  type RowQueries,
  rowAt,
  rowNow,
  streamName,
} from '../../../lambdas/kernel/index.ts';
import { SqsSealRequests } from '../../../lambdas/messaging/sqs-seal-requests.ts';
import * as build from '../../../lambdas/runtime/adapters.ts';
import { type ContextName, contextNames, recordOf } from '../../../schema/contexts.ts';
import type { PersonCommand } from '../history.ts';
import type { Instance } from '../world/instance.ts';
import { answerOf } from './answer.ts';
import type {
  ApiCall,
  CommandCall,
  CommandReply,
  FoundPersons,
  ListCall,
  ListReply,
  PastCall,
  PersonReply,
  RowCall,
  RowReply,
} from './api-calls.ts';
import { dispenseCommand, ledgerTargets, metricCommand } from './commands.ts';
import { type Definitions, definitionsIn } from './definitions.ts';
import { type Documents, documentStoreOf } from './documents.ts';
import type { Handler } from './handler.ts';
import { keysOf } from './keys.ts';
import { Lists } from './lists.ts';
import { observerOf } from './observer.ts';
import { PersonsApi } from './persons-api.ts';
import { queueUrl } from './tables.ts';

/** The function `api`, without HTTP: commands and queries, as the routes hand them to the kernel. */
export function composeApi(instance: Instance, platform: build.Platform, documents: Documents): Handler {
  const api = new Api(instance, platform, documents);
  return (event) => api.answer(event as ApiCall);
}

type Row = Readonly<Record<string, unknown>>;

class Api {
  readonly #instance: Instance;
  readonly #readModels: Readonly<Record<ContextName, RowQueries<unknown, unknown>>>;
  readonly #side: ReturnType<typeof sideOf>;
  readonly #definitions: Definitions;
  readonly #documents: ReturnType<typeof documentStoreOf>;
  readonly #lists: Lists;
  readonly #ledger;
  readonly #metrics;
  readonly #dispense;
  readonly #persons: PersonsApi;

  constructor(instance: Instance, platform: build.Platform, documents: Documents) {
    this.#instance = instance;
    this.#definitions = definitionsIn(instance.version);
    const { readModelOf, contexts } = this.#definitions;
    this.#readModels = recordOf(contextNames, (name) =>
      build.readModel({ projection: readModelOf[name].listing }, platform, name),
    );
    this.#side = sideOf(instance, platform);
    this.#lists = new Lists(platform, this.#side.log, this.#readModels);
    this.#documents = documentStoreOf(instance, documents);
    this.#ledger = build.commandHandler(contexts.ledger, this.#side);
    this.#metrics = build.commandHandler(contexts.metrics, this.#side);
    this.#dispense = build.commandHandler(contexts.dispense, this.#side);
    this.#persons = new PersonsApi(instance, platform, this.#side);
  }

  answer(call: ApiCall): Promise<CommandReply | RowReply | ListReply | FoundPersons | PersonReply> {
    switch (call.kind) {
      case 'command':
        return this.#command(call);
      case 'row':
        return this.#row(call);
      case 'past':
        return this.#past(call);
      case 'list':
        return this.#list(call);
      case 'find-person':
        return this.#persons.find(call.identifier);
      case 'person':
        return this.#persons.command(call);
    }
  }

  async #command({ command, key, expectedVersion }: CommandCall): Promise<CommandReply> {
    const { effects } = this.#instance;
    const commandId =
      key === undefined
        ? commandIdWithoutKey(effects.newId())
        : commandIdOfKey({ tenant: defaultTenant, caller: undefined }, key);
    const request: CommandRequest = {
      commandId,
      intent: command,
      now: effects.now(),
      correlationId: effects.newId(),
      ...(expectedVersion !== undefined && { expectedVersion: (version) => version === expectedVersion }),
    };
    try {
      return { commandId, answer: answerOf(await this.#handle(command, request)) };
    } catch (error) {
      if (!(error instanceof EventSourcingError)) throw error;
      return { commandId, answer: { outcome: 'failed', code: error.code } };
    }
  }

  #handle(command: PersonCommand, request: CommandRequest): Promise<CommandResult<object>> {
    const { id } = command;
    switch (command.context) {
      case 'ledger':
        return this.#ledger.handle(ledgerTargets(command, request.commandId), request);
      case 'metrics':
        return this.#metrics.handle([{ id, command: metricCommand(command, request.now) }], request);
      case 'dispense':
        return this.#handleDispense(command, request);
    }
  }

  async #handleDispense(
    command: Extract<PersonCommand, { context: 'dispense' }>,
    request: CommandRequest,
  ): Promise<CommandResult<object>> {
    const { id } = command;
    if (command.do !== 'upload' && command.do !== 'add-page') {
      const isOfPatient = command.do === 'add-patient' || command.do === 'correct-patient';
      const personId = isOfPatient ? await this.#persons.idFor(command.identifier) : '';
      const sent = dispenseCommand(command, { now: request.now, key: '', personId });
      return this.#dispense.handle([{ id, command: sent }], request);
    }
    const bytes = Buffer.from(command.document);
    const key = await this.#documents.put({ contentType: 'text/plain', bytes });
    const upload = dispenseCommand(command, { now: request.now, key, personId: '' });
    if (!('key' in upload && 'sha256' in upload)) throw new TypeError('This is no upload.');
    const { observer } = this.#side;
    const warn = (message: string, error: unknown) => observer.warn(message, { error });
    const side = { handler: this.#dispense, documents: this.#documents, warn };
    return uploadStored(side, id, upload, request);
  }

  #row({ context, id, isFresh }: RowCall): Promise<RowReply> {
    return this.#query(async () => {
      const [own] = this.#definitions.readModelOf[context].projections;
      const readModel = this.#readModels[context];
      if (own === undefined) return undefined;
      const found = await rowNow({ log: this.#side.log, readModel }, own.projection, id, isFresh);
      if (found === undefined) return undefined;
      const row = await this.#shown(streamName(own.projection.category, id), found.row as Row);
      return { version: found.version, generation: found.generation, row };
    });
  }

  #past({ context, id, point }: PastCall): Promise<RowReply> {
    return this.#query(async () => {
      const [own] = this.#definitions.readModelOf[context].projections;
      if (own === undefined) return undefined;
      const { log, clock, sealed } = this.#side;
      const stream = streamName(own.projection.category, id);
      if ('at' in point) await clock.untilSettled(stream, point.at);
      const { state, version } = await rowAt({ log, sealed }, own.projection, stream, point);
      if (state === undefined || ('version' in point && version < point.version)) return undefined;
      return { version, row: await this.#shown(stream, state as Row) };
    });
  }

  /** The row as views show it: nothing of a dispense that says it is erased, also if this instance still has the key. */
  #shown(stream: string, row: Row): Promise<Row> {
    return revealed(this.#side.keys, stream, row, row['erasedAt'] !== undefined);
  }

  async #list(call: ListCall): Promise<ListReply> {
    try {
      return await this.#lists.page(call);
    } catch (error) {
      if (!(error instanceof EventSourcingError)) throw error;
      return { failed: error.code };
    }
  }

  async #query(
    find: () => Promise<Extract<RowReply, { found: unknown }>['found'] | undefined>,
  ): Promise<RowReply> {
    try {
      return { found: await find(), code: this.#instance.version };
    } catch (error) {
      if (!(error instanceof EventSourcingError)) throw error;
      return { failed: error.code };
    }
  }
}

/** The command side, with sealed history, as the function `api` composes it. */
function sideOf(instance: Instance, platform: build.Platform) {
  const observer = observerOf(instance);
  const keys = keysOf(instance, platform);
  const side = build.commandSide(platform, observer, keys);
  const requests = new SqsSealRequests(instance.clients.sqs, queueUrl('segments'), {
    observer,
    effects: platform.effects,
  });
  return { ...side, keys, sealed: build.sealedStreams(platform, { log: side.log, observer, requests }) };
}
