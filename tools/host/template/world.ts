import type { KeyObject } from 'node:crypto';
import type { JwtAuthorizer } from '../auth/authorizer.ts';
import type { AwsClient } from '../aws-json.ts';
import type { Cors } from '../endpoints/cors.ts';
import type { HttpApiRoutes } from '../endpoints/routes.ts';
import type { EventRule } from '../event-sources/event-rules.ts';
import type { EventSourceMapping } from '../event-sources/mapping.ts';
import type { Schedule } from '../event-sources/schedule.ts';
import type { Inspector } from '../inspect/inspector.ts';
import type { LocalKms } from '../kms/local-kms.ts';
import type { AsynchronousInvocations } from '../lambda/asynchronous.ts';
import type { EngineUrls, FunctionUrls } from '../lambda/environment.ts';
import type { FailureSink } from '../lambda/failure-reports.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';
import type { SpanTarget } from '../traces/trace-variables.ts';
import type { Roles } from './roles.ts';

/** What resource types use to create resources, and the lists that they add to. */
export interface World {
  readonly dynamodb: AwsClient;
  readonly kinesis: AwsClient;
  readonly sqs: AwsClient;
  readonly kms: LocalKms;
  readonly urls: EngineUrls;
  /** The endpoints that functions call (the engines or an interceptor), and the access key id that each signs with. */
  readonly functionAccess: {
    readonly urls: FunctionUrls;
    readonly accessKeyId: (functionName: string) => string;
  };
  /** Where functions send their spans. Undefined: as the template says. */
  readonly spanTarget?: SpanTarget;
  readonly functions: FunctionRegistry;
  readonly roles: Roles;
  readonly eventSourceMappings: EventSourceMapping[];
  readonly schedules: Schedule[];
  readonly eventRules: EventRule[];
  readonly routes: HttpApiRoutes;
  /** That of the HTTP API. */
  cors: Cors;
  /** The buckets whose objects pages of every origin may read by a presigned link. */
  readonly bucketsReadByPages: Set<string>;
  /** The authorizers of the HTTP API, by logical id. */
  readonly authorizers: Map<string, JwtAuthorizer>;
  /** The key that verifies the tokens of an issuer, if the host knows it. */
  readonly keyOf: (issuer: string) => KeyObject | undefined;
  /** Tells the user what a start changes. */
  readonly say: (line: string) => void;
  readonly onFunctionLog: (functionName: string, line: string) => void;
  readonly onInvoked: () => void;
  /** Tells the user what functions do wrong. */
  readonly failures: FailureSink;
  /** Functions that a debugger can stop. */
  readonly inspectors: readonly Inspector[];
  readonly asynchronous: AsynchronousInvocations;
}

/** One resource with its properties resolved. */
export interface ResourceRequest {
  readonly logicalId: string;
  /** A generated name like those of CloudFormation, but the same on every start. */
  readonly physicalName: string;
  /** Those of {@link ResourceType.properties} that the template sets. */
  readonly properties: Readonly<Record<string, unknown>>;
  /** The file or folder of an asset; undefined when the assembly has none with this key. */
  asset(objectKey: string): string | undefined;
}

/** The results of `Ref` and `Fn::GetAtt`. */
export interface CreatedResource {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A type of resource that the host supports. A property in neither list is an error that names it. */
export interface ResourceType {
  /** Properties that have an effect on this machine. */
  readonly properties: readonly string[];
  /** Properties that have an effect on AWS only: encryption, backups, access from other accounts. */
  readonly ignored: readonly string[];
  /** Creates a resource, or finds it from an earlier start. Errors are reported with the resource's type and id. */
  create(request: ResourceRequest, world: World): CreatedResource | Promise<CreatedResource>;
}
