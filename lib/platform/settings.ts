import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { z } from 'zod';
import { type Scope, scopeNames } from '../../schema/scopes.ts';
import { tracingSetting } from './tracing-setting.ts';

/** The account of AWS emulators. It does not exist on AWS. */
export const emulatorAccount = '000000000000';

const wholeFrom = (least: number, most: number) => z.int().min(least).max(most);
const names = z.array(z.string().regex(/^\S+$/));
const origin = z.url().refine((url) => URL.canParse(url) && new URL(url).origin === url);
/** A scope of the API: see docs/scopes.md. */
const apiScope = z.enum(scopeNames as readonly [Scope, ...Scope[]]);
const apiScopes = z.array(apiScope).min(1).readonly();

/** A scope in a token (RFC 6749, 3.3), except those that OpenID Connect gives to every token. */
const tokenScope = z
  .string()
  .regex(/^[\x21\x23-\x5b\x5d-\x7e]+$/)
  .refine((scope) => !/^(?:openid|profile|email|address|phone|offline_access)$/.test(scope));

/** The name of a claim. */
const claim = z.string().min(1).max(200);

const claims = z
  .strictObject({
    /** The claim that names the caller. Default: `sub`. Whoever sets it must not be able to choose another caller's value. */
    subject: claim.exactOptional(),
    /** The claim with the scopes: a text with spaces, or a list. Default: `scope`, or `scp` if there is none. */
    scopes: claim.exactOptional(),
    /** The claim that names the tenant. Default: every caller is in the tenant "default". */
    tenant: claim.exactOptional(),
    /** The tenant of a token without the claim. Default: such a token is refused. */
    defaultTenant: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/)
      .exactOptional(),
  })
  .refine(({ tenant, defaultTenant }) => tenant !== undefined || defaultTenant === undefined)
  .readonly();

const jwt = z
  .strictObject({
    /** The issuer of the tokens. `<issuer>/.well-known/openid-configuration` links to the keys that verify them. */
    issuer: z.url({ protocol: /^https$/ }).max(255),
    /** A token must name one of them in its claim `aud`, or in `client_id` if it has no `aud`. */
    audience: names.min(1).readonly(),
    /**
     * The API's scopes that a scope of a token gives: `{"streamfold/read":["ledger:read","metrics:read"]}`. `as-named`: the
     * tokens have the API's own scopes.
     */
    scopes: z.union([z.literal('as-named'), z.record(tokenScope, apiScopes).readonly()]),
    /** The names of the claims that the API reads. */
    claims: claims.exactOptional(),
  })
  .readonly();

/** Executions of an account that Lambda does not let anybody reserve. They are for functions without a reservation. */
const unreservedMin = 100;

/** The settings of a stage. The description of each says what it is and which values are valid; errors quote it. */
export const settingsSchema = z
  .strictObject({
    /** The account and region that the stack is bound to. Default: those of the CLI's credentials. */
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

    /** Retains stateful resources when the stack is deleted, protects them from deletion, and backs up tables (35 days). */
    protectData: z.boolean().describe('whether data is kept when the stack is deleted, true or false'),

    /**
     * Who has the key that encrypts tables, buckets, queues, the event stream and logs. `customer-managed`: the account, a key of its own
     * for the stage, that it can disable. It costs $1 a month and the calls: see docs/costs.md. `aws`: the services. The keys of
     * patients do not depend on it.
     */
    storageKey: z
      .enum(['customer-managed', 'aws'])
      .describe('who has the key that encrypts what is stored, "customer-managed" or "aws"'),

    /** `silent`: alarms are visible in the console only. Otherwise the address that receives them; it has to confirm once. */
    alarms: z
      .union([z.literal('silent'), z.strictObject({ email: z.email() }).readonly()])
      .describe('who receives alarms, {"email":"ops@example.com"} or "silent"'),

    /**
     * `off`: the stack has no HTTP API, and the function `api` is invoked directly, with the same events. Such callers are operators, with
     * all rights, so `authorizer` and `cors` cannot ask for anything else. `throttling` has no effect then.
     */
    httpApi: z.enum(['on', 'off']).describe('whether the stack has an HTTP API, "on" or "off"'),

    /**
     * Who may call the HTTP API, except `GET /health`. `iam`: requests signed with SigV4; the callers have all scopes, or
     * those given here. `jwt`: requests with a token of the issuer. `none`: every request, on emulators only.
     */
    authorizer: z
      .union([
        z.enum(['iam', 'none']),
        z.strictObject({ iam: z.strictObject({ scopes: apiScopes }).readonly() }).readonly(),
        z.strictObject({ jwt }).readonly(),
      ])
      .describe(
        'who may call the HTTP API, "iam", "none", {"iam":{"scopes":["ledger:read"]}} or {"jwt":{"issuer":"https://...","audience":["..."],"scopes":{"a-scope-of-tokens":["ledger:read"]}}}',
      ),

    /**
     * Whether an account is for its owner, the caller who opened it, and for callers with the scope `ledger:any`. Otherwise every
     * caller uses every account, as far as the caller's other scopes allow.
     */
    accountOwners: z.boolean().describe('whether accounts are for their owners only, true or false'),

    /** Requests per second and burst size of each route of the HTTP API. It answers 429 to requests above them. */
    throttling: z
      .strictObject({ ratePerSecond: wholeFrom(1, 100_000), burst: wholeFrom(1, 100_000) })
      .readonly()
      .describe('the rate limit of the HTTP API, {"ratePerSecond":100,"burst":200}, 1 to 100000 each'),

    /**
     * Concurrent executions that are for the API alone, and that it cannot exceed, so that no consumer can take them, nor the
     * API those of the consumers. At least 100 of the account's limit stay for all other functions. The synthesis cannot see
     * the limit, so the deployment fails if the account has less. `shared`: all functions of the account compete.
     */
    apiConcurrency: z
      .union([
        z.literal('shared'),
        z
          .strictObject({ reserved: wholeFrom(1, 100_000), accountLimit: wholeFrom(1, 1_000_000) })
          .refine(({ reserved, accountLimit }) => reserved + unreservedMin <= accountLimit)
          .readonly(),
      ])
      .describe(
        `the executions reserved for the API, at least ${unreservedMin} below the limit of the account, {"reserved":500,"accountLimit":1000} or "shared"`,
      ),

    /** The web sites whose pages may call the HTTP API from a browser. `closed`: no site. */
    cors: z
      .union([z.literal('closed'), z.strictObject({ origins: z.array(origin).min(1).readonly() }).readonly()])
      .describe(
        'the sites whose pages may call the HTTP API, {"origins":["https://app.example.com"]} or "closed"',
      ),

    /** Number of events between two snapshots of a stream. */
    snapshotThreshold: wholeFrom(1, 100_000).describe(
      'the number of events between two snapshots, 1 to 100000',
    ),

    /** Shards of the event stream. `on-demand`: AWS adds and removes shards (up to 200 MB/s); it costs more when idle. */
    eventStreamShards: z
      .union([z.literal('on-demand'), wholeFrom(1, 1_000)])
      .describe('the shards of the event stream, 1 to 1000 or "on-demand"'),

    /**
     * Batches of one shard that a projector folds concurrently. Two concurrent batches never have the same stream. While a deployment
     * lowers it to 1, `GET /health` can say for some minutes that a projector is up to date although an earlier batch still runs.
     */
    projectorsPerShard: wholeFrom(1, 10).describe(
      'the batches of a shard that a projector folds concurrently, 1 to 10',
    ),

    /**
     * Streams of each read model whose rows are compared with the log every hour. A run reads at most some 200,000 events, an equal
     * share for each read model.
     */
    verifySample: wholeFrom(1, 10_000).describe(
      'the streams of each read model that are compared with the log every hour, 1 to 10000',
    ),

    /** Parts of the log that a rebuild on AWS folds at the same time. Each is an invocation that reads and writes without a pause. */
    rebuildConcurrency: wholeFrom(1, 64).describe(
      'the parts of the log that a rebuild folds at the same time, 1 to 64',
    ),

    /**
     * Seconds after which every projector writes a generation that it was told to write: the cache of the generations, the timeout of
     * a projector, and the time of the change itself. After a repair, projectors that had loaded the damaged row have ended then. A lower
     * number can lose events in a rebuild, and lets a repair end too early. It is for tests.
     */
    generationSettleSeconds: wholeFrom(1, 3_600).describe(
      'the seconds until every projector writes a new generation, 1 to 3600',
    ),

    /**
     * Whether Lambda invokes a projector for the commits of its own context only. A filter drops the records of the form
     * before 2026-12, which had no category, and records that are not JSON. So switch it on at least a day (the retention
     * of the event stream) after the release that changed the form is deployed, and off before older code publishes again.
     */
    eventFilters: z
      .enum(['on', 'off'])
      .describe('whether Lambda invokes projectors for the commits of their own context only, "on" or "off"'),

    /**
     * What reads prescriptions. `embedded`: code in the function itself. Otherwise a model of Amazon Bedrock, by its id or
     * by the id of an inference profile. Documents hold health data, and the model receives them. A model is called in the region
     * of the stack, an inference profile in any region of its geography: it must be that of `environment`, so `global` is refused.
     */
    analyzer: z
      .union([
        z.literal('embedded'),
        z.strictObject({ bedrockModelId: z.string().regex(/^[\w.:-]+$/) }).readonly(),
      ])
      .describe('what reads prescriptions, "embedded" or {"bedrockModelId":"..."}'),

    /**
     * What traces invocations. `otlp`: OpenTelemetry, to CloudWatch, whose account needs Transaction Search, or to a collector.
     * `xray`: the SDK of X-Ray, which AWS supports until 25 February 2027. For each function, Lambda then traces the first invocation of
     * each second and 5 % of the others: at a low rate, that is the highest cost. See docs/deploy.md and docs/costs.md.
     */
    tracing: tracingSetting.describe(
      'what traces invocations, "off", "xray", {"otlp":{"to":"cloudwatch","ratio":0.05}} with a ratio from 0 to 1, or {"otlp":{"to":"https://otlp.example.com/v1/traces","header":{"name":"x-api-key","secretArn":"arn:aws:secretsmanager:..."},"ratio":1}} with the whole URL of a collector, http on localhost only',
    ),

    /**
     * Whether CloudTrail records each call on the log, the documents and the functions, with its caller. It costs $1 for a
     * million calls: see docs/costs.md.
     */
    dataEvents: z
      .enum(['on', 'off'])
      .describe(
        'whether CloudTrail records who uses the log, the documents and the functions, "on" or "off"',
      ),

    /** Whether the stack has a dashboard of CloudWatch. It costs $3 a month. Alarms do not depend on it. */
    dashboard: z
      .enum(['on', 'off'])
      .describe('whether the stack has a dashboard of CloudWatch, "on" or "off"'),

    /**
     * Days after which the eraser destroys the data of a dispense, counted from the creation of its key: when it was started. It does so
     * whether the dispense is open or not, and except during a legal hold. `off`: only a person's erasure does. What was
     * erased stays so when the number is raised. Your law says how long prescriptions must be kept.
     */
    retentionDays: z
      .union([z.literal('off'), wholeFrom(1, 36_500)])
      .describe('the days after which personal data are erased, 1 to 36500 or "off"'),

    /** The lowest severity that functions log. The audit of reads does not depend on it. */
    logLevel: z
      .enum(['DEBUG', 'INFO', 'WARN', 'ERROR'])
      .describe('the lowest severity that is logged, "DEBUG", "INFO", "WARN" or "ERROR"'),

    /** Retention of logs, in days. */
    logRetention: z
      .enum(RetentionDays)
      .describe(
        'the retention of logs in days, a number that CloudWatch Logs accepts, such as 1, 7, 30, 90 or 365',
      ),
  })
  .readonly();
