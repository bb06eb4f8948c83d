import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';

/** The account that emulators of AWS answer for; it is nobody's on AWS. */
export const emulatorAccount = '000000000000';

const wholeFrom = (least: number, most: number) => z.int().min(least).max(most);
const names = z.array(z.string().regex(/^\S+$/));
const origin = z.url().refine((url) => URL.canParse(url) && new URL(url).origin === url);
/** Names and variables in braces; a variable with a plus takes all that follows, and stands last. No slash at the end. */
const routeKey = z
  .string()
  .regex(/^(?:ANY|GET|POST|PUT|PATCH|DELETE|HEAD) (?:\/(?:[\w.-]+|\{\w+\}))*\/(?:[\w.-]+|\{\w+\+?\})$/);

/** Each adds a permission to the function's policy, which Lambda bounds at 20 KB. */
const routeScopesMax = 30;

const jwt = z
  .strictObject({
    /** Whose tokens are taken; `<issuer>/.well-known/openid-configuration` leads to the keys that they are checked with. */
    issuer: z.url({ protocol: /^https$/ }),
    /** A token has to be meant for one of them (its claim `aud`, or `client_id` where it has none). */
    audience: names.min(1).readonly(),
    /** A token has to carry one of them on every route but those of `routeScopes`. None: any token of the audience will do. */
    scopes: names.readonly(),
    /** Routes that ask for one of these scopes instead, at most 30, by route key: `{"POST /ledger/{proxy+}":["ledger.write"]}`. */
    routeScopes: z
      .record(
        routeKey.refine((key) => !/^(?:GET|ANY) \/health$/.test(key)),
        names.min(1).readonly(),
      )
      .refine((scopes) => Object.keys(scopes).length <= routeScopesMax),
  })
  .readonly();

/** The settings of a stage. Each says in its description what it is and what it may be, for the sentence that refuses another. */
export const settingsSchema = z
  .strictObject({
    /** The account and region the stack is bound to; left out, it goes where the CLI's credentials lead. */
    environment: z
      .strictObject({
        account: z.string().regex(/^\d{12}$/),
        region: z.string().regex(/^[a-z]{2,}(?:-[a-z]+)+-\d$/),
      })
      .readonly()
      .exactOptional()
      .describe(
        'the account and region that the stack is bound to, {"account":"123456789012","region":"eu-central-1"}',
      ),

    /** Keeps stateful resources when the stack goes, refuses their deletion, and backs tables up to any second of 35 days. */
    protectData: z.boolean().describe('whether data outlives the stack, true or false'),

    /** Who hears of alarms: nobody (they are in the console all the same), or an address, which has to confirm it once. */
    alarms: z
      .union([z.literal('silent'), z.strictObject({ email: z.email() }).readonly()])
      .describe('who hears of alarms, {"email":"ops@example.com"} or "silent"'),

    /**
     * Who may call the HTTP API (`GET /health` apart): `iam` takes requests signed with SigV4, `jwt` those with a token of
     * the issuer, `none` anyone's, on emulators only.
     */
    authorizer: z
      .union([z.enum(['iam', 'none']), z.strictObject({ jwt }).readonly()])
      .describe(
        'who may call the HTTP API, "iam", "none" or {"jwt":{"issuer":"https://...","audience":["..."],"scopes":[],"routeScopes":{"POST /ledger/{proxy+}":["..."]}}}',
      ),

    /** What the HTTP API lets through: so many requests a second, and so many at once after a quiet time; 429 beyond. */
    throttling: z
      .strictObject({ ratePerSecond: wholeFrom(1, 100_000), burst: wholeFrom(1, 100_000) })
      .readonly()
      .describe(
        'the requests that the HTTP API lets through, {"ratePerSecond":100,"burst":200}, 1 to 100000 each',
      ),

    /** The web sites whose pages may call the HTTP API from a browser; closed, none may. */
    cors: z
      .union([z.literal('closed'), z.strictObject({ origins: z.array(origin).min(1).readonly() }).readonly()])
      .describe(
        'the sites whose pages may call the HTTP API, {"origins":["https://app.example.com"]} or "closed"',
      ),

    /** Events of a stream after which a new snapshot of it is written. */
    snapshotThreshold: wholeFrom(1, 100_000).describe('the events between two snapshots, 1 to 100000'),

    /** Shards of the event stream, or `on-demand`: AWS adds and removes them (up to 200 MB/s), for a higher price at rest. */
    eventStreamShards: z
      .union([z.literal('on-demand'), wholeFrom(1, 1_000)])
      .describe('the shards of the event stream, 1 to 1000 or "on-demand"'),

    /** Batches of one shard that a projector folds at once, 1 to 10; the events of one stream still meet one at a time. */
    projectorsPerShard: wholeFrom(1, 10).describe(
      'the batches of a shard that a projector folds at once, 1 to 10',
    ),

    /**
     * What reads prescriptions: `embedded` in the function itself, or a model of Amazon Bedrock, by its id or the id of an
     * inference profile. Documents hold personal data: naming a model is a decision to send them there.
     */
    analyzer: z
      .union([
        z.literal('embedded'),
        z.strictObject({ bedrockModelId: z.string().regex(/^[\w.:-]+$/) }).readonly(),
      ])
      .describe('what reads prescriptions, "embedded" or {"bedrockModelId":"..."}'),

    /**
     * Whether X-Ray traces invocations: the first of each second and 5 % of the others, function by function (Lambda's own
     * rule). At a low rate that is nearly all of them, and more than all else together costs: see docs/costs.md.
     */
    tracing: z.enum(['on', 'off']).describe('whether X-Ray traces invocations, "on" or "off"'),

    /** The least severe lines that functions log. */
    logLevel: z
      .enum(['DEBUG', 'INFO', 'WARN', 'ERROR'])
      .describe('the least that is logged, "DEBUG", "INFO", "WARN" or "ERROR"'),

    /** How long logs are kept, in days. */
    logRetention: z
      .enum(RetentionDays)
      .describe(
        'the days that logs are kept, a number that CloudWatch Logs knows, such as 1, 7, 30, 90 or 365',
      ),
  })
  .readonly();
