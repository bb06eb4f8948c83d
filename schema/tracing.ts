/**
 * The names of traces: the variables that choose the adapter, and the names of spans and attributes. `lambdas/` writes them, `lib/` and the local host set
 * the variables, and `tools/` reads spans. Standard names are those of OpenTelemetry's semantic conventions 1.45
 * (https://opentelemetry.io/docs/specs/semconv/); a test compares them with its package. No attribute holds personal data: no path, query, header or body.
 */

/** The variables of a function that choose and configure the adapter. Names with `OTEL_` are OpenTelemetry's own. */
export const tracingVariables = {
  /** `off`, `xray` or `otlp`. Absent: `off`. */
  adapter: 'TRACING',
  /** Where spans go: a whole URL, as `http://localhost:4318/v1/traces`. Required for `otlp`. */
  endpoint: 'OTEL_EXPORTER_OTLP_TRACES_ENDPOINT',
  /** Maximum time of an export, in ms. Default: `100`. The stack does not set it. A machine that runs much more than one function needs more. */
  timeoutMs: 'OTEL_EXPORTER_OTLP_TRACES_TIMEOUT',
  /** The part of traces without a parent that is recorded, `0` to `1`. Default: `1`. */
  ratio: 'OTEL_TRACES_SAMPLER_ARG',
  /** `sigv4`: requests are signed for the service `xray`. Absent: they are not signed. */
  signing: 'OTLP_SIGNING',
  /** The name of a header whose value is in the secret. Both or neither. */
  headerName: 'OTLP_HEADER_NAME',
  /** The ARN of the secret with the value of the header. */
  headerSecret: 'OTLP_HEADER_SECRET_ARN',
} as const;

/** The resource of a function. */
export const resourceAttributes = {
  serviceName: 'service.name',
  serviceNamespace: 'service.namespace',
  environment: 'deployment.environment.name',
  cloudProvider: 'cloud.provider',
  cloudPlatform: 'cloud.platform',
  cloudRegion: 'cloud.region',
  faasName: 'faas.name',
  faasVersion: 'faas.version',
  faasInstance: 'faas.instance',
  /** In bytes. */
  faasMaxMemory: 'faas.max_memory',
} as const;

/** The standard attributes of spans. */
export const standardAttributes = {
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  faasTrigger: 'faas.trigger',
  faasColdStart: 'faas.coldstart',
  faasInvocationId: 'faas.invocation.id',
  messagingSystem: 'messaging.system.name',
  messagingOperationName: 'messaging.operation.name',
  messagingOperationType: 'messaging.operation.type',
  messagingDestination: 'messaging.destination.name',
  messagingBatchCount: 'messaging.batch.message_count',
  messagingMessageId: 'messaging.message.id',
  rpcSystem: 'rpc.system.name',
  rpcMethod: 'rpc.method',
  dbSystem: 'db.system.name',
  dbOperation: 'db.operation.name',
  dbCollection: 'db.collection.name',
  dynamodbTables: 'aws.dynamodb.table_names',
  kinesisStream: 'aws.kinesis.stream_name',
  s3Bucket: 'aws.s3.bucket',
  awsRequestId: 'aws.request_id',
  errorType: 'error.type',
} as const;

/** Our own attributes. */
export const ownAttributes = {
  /** The places of commits, each as `ledger/7f3c@12`: stream and version of the commit's first event. */
  commits: 'streamfold.commits',
  stream: 'streamfold.stream',
  /** Number of events: of those read, or of those appended. */
  events: 'streamfold.events',
  /** Of the read model that a projection writes. */
  generation: 'streamfold.generation',
  correlationId: 'streamfold.correlation_id',
  /** Of a problem answer. */
  problem: 'streamfold.problem',
  /** The projection, or the automation. */
  consumer: 'streamfold.consumer',
  /** Attempts of one AWS call, the first one included. */
  attempts: 'streamfold.attempts',
} as const;

/** The systems that spans name. The standard has values for SQS and DynamoDB; that for Kinesis follows their pattern. */
export const systemNames = { sqs: 'aws.sqs', kinesis: 'aws.kinesis', dynamodb: 'aws.dynamodb' } as const;

/** How the log lines begin by which an instance of a function says that its spans are not sent, and that they are again. */
export const exportMessages = { failed: 'Traces are not sent', over: 'Traces are sent again' } as const;
