import * as z from 'zod';
import type { CommandHandler, CommandResult, DomainEvent, SubjectKeys } from '../kernel/index.ts';
import type { BodyScope } from './access.ts';
import { commandAnswer, commandRequest, createRequest } from './commands.ts';
import type { StreamsRead } from './reads.ts';
import { type CommandResource, idOf, notFoundProblem, readsOf, scopesOf } from './resource.ts';
import { defineRoute, type HttpRequest, type Route } from './route.ts';

/** The command handler of one context, to which routes send commands. */
export interface CommandSide<State, Command, Answer> {
  readonly handler: Pick<CommandHandler<State, Command, DomainEvent, Answer>, 'handle'>;
  /** The keys of the caller's tenant: ids of new aggregates with personal data are derived by the tenant's own key. */
  readonly keys: Pick<SubjectKeys, 'create'>;
}

type NoBody = z.ZodOptional<z.ZodObject<Record<never, never>>>;

interface Described<Request extends z.ZodType> {
  readonly operationId: string;
  readonly summary: string;
  readonly description?: string;
  /** The shape of the body. Default: no body; `{}` is accepted too. */
  readonly request?: Request;
  /** Scopes that some bodies need in addition to that of all commands of the category. Default: none. */
  readonly bodyScopes?: readonly BodyScope<z.output<Request>>[];
}

interface CommandSpec<Command, Request extends z.ZodType> extends Described<Request> {
  /**
   * Creates the command of a request. `now`: the time of the request (ISO 8601, UTC, ms). May look something up first: if that
   * throws, nothing was written.
   */
  readonly command: (body: z.output<Request>, now: string) => Command | Promise<Command>;
}

interface CommandRouteSpec<Answer, Request extends z.ZodType> extends Described<Request> {
  /** The path segment after the aggregate's id: `credits`. Absent: the route creates an aggregate. */
  readonly step?: string;
  /** The streams that the body names, for the audit of reads. Default: none. */
  readonly alsoReads?: (body: z.output<Request>) => readonly string[];
  readonly handle: (
    request: HttpRequest<{ readonly id: string }, unknown, z.output<Request>>,
  ) => Promise<CommandResult<Answer>>;
}

/** Declares routes of the resource that send one command to one aggregate. */
export function commandRoutes<State, Command extends { readonly type: string }, Answer extends object>(
  resource: CommandResource<Answer>,
  { handler, keys }: CommandSide<State, Command, NoInfer<Answer>>,
) {
  return {
    /** `POST /ledger`: sends the command to a new aggregate. A retry with the same key uses the same aggregate. */
    create: <Request extends z.ZodType = NoBody>({
      command,
      ...spec
    }: CommandSpec<Command, Request>): Route =>
      commandRoute(resource, {
        ...spec,
        handle: async (request) => {
          const created = await command(request.body, request.context.now);
          const { id, request: asCommand } = await createRequest(resource, created.type, request, keys);
          return handler.handle([{ id, command: created }], asCommand);
        },
      }),
    /** `POST /ledger/{id}/credits`: sends the command to the aggregate in the path. */
    command: <Request extends z.ZodType = NoBody>(
      step: string,
      { command, ...spec }: CommandSpec<Command, Request>,
    ): Route =>
      commandRoute(resource, {
        ...spec,
        step,
        handle: async (request) => {
          const sent = await command(request.body, request.context.now);
          return handler.handle(
            [{ id: request.params.id, command: sent }],
            commandRequest(sent.type, request),
          );
        },
      }),
  };
}

/** Declares a route whose `handle` sends the commands itself. It answers the result like every other command route. */
export function commandRoute<Answer extends object, Request extends z.ZodType = NoBody>(
  resource: CommandResource<Answer>,
  { step, request, alsoReads, handle, ...described }: CommandRouteSpec<Answer, Request>,
): Route {
  const path = step === undefined ? resource.path : (`${resource.path}/{id}/${step}` as const);
  const reads = readsOf(resource, path);
  const alsoInBody: StreamsRead = alsoReads
    ? { request: ({ body }) => alsoReads(body as z.output<Request>) }
    : {};
  return defineRoute({
    ...described,
    ...commandShape(resource),
    reads: reads === 'nothing' ? reads : { ...reads, ...alsoInBody },
    method: 'POST',
    path,
    ...(step === undefined ? { params: z.object({}) } : idOf(resource)),
    body: request ?? z.object({}).optional(),
    // The type of the request is derived from the schemas that parsed it.
    handle: async (parsed) =>
      commandAnswer(await handle(parsed as unknown as Parameters<typeof handle>[0]), resource.path),
  });
}

/** The documentation that all command routes share. 201 is only for a command that created an aggregate. */
export function commandShape(resource: CommandResource<object>) {
  const { noun, category, answerSchema } = resource;
  const headers = {
    etag: `The version that the ${noun} has reached.`,
    'idempotency-replayed':
      '`true` if an earlier request with the same `Idempotency-Key` had carried out the command: this is its answer. ' +
      'Absent otherwise.',
  };
  return {
    tags: [category],
    access: scopesOf(category).write,
    command: true,
    answers: {
      200: { description: 'Done.', schema: answerSchema, headers },
      201: {
        description: `Done, and the ${noun} was created.`,
        schema: answerSchema,
        headers: { ...headers, location: `The ${noun}.` },
      },
    },
    problems: { ...notFoundProblem(resource), 409: `The status of the ${noun} does not allow it.` },
  } as const;
}
