import type { Roles } from '../../../test/permissions/roles.ts';
import type { AwsClient } from '../aws-json.ts';
import type { HttpApiRoutes } from '../endpoints/routes.ts';
import type { EventRule } from '../event-sources/event-rules.ts';
import type { EventSourceMapping } from '../event-sources/mapping.ts';
import type { Schedule } from '../event-sources/schedule.ts';
import type { EngineUrls } from '../lambda/environment.ts';
import type { FunctionRegistry } from '../lambda/registry.ts';

/** Where the resources of a template come to life. */
export interface World {
  readonly dynamodb: AwsClient;
  readonly kinesis: AwsClient;
  readonly sqs: AwsClient;
  readonly urls: EngineUrls;
  /** Where functions find the engines, and the key that each signs its calls with. */
  readonly functionAccess: {
    readonly urls: EngineUrls;
    readonly accessKeyId: (functionName: string) => string;
  };
  /** Where HTTP routes answer, for the attributes of an API. */
  readonly httpUrl: string;
  readonly functions: FunctionRegistry;
  readonly roles: Roles;
  readonly eventSourceMappings: EventSourceMapping[];
  readonly schedules: Schedule[];
  readonly eventRules: EventRule[];
  readonly routes: HttpApiRoutes;
  readonly onFunctionLog: (functionName: string, line: string) => void;
  readonly onInvoked: () => void;
}

/** One resource with its properties resolved. */
export interface ResourceRequest {
  readonly logicalId: string;
  /** Generated as CloudFormation does, but the same on every start. */
  readonly physicalName: string;
  readonly properties: Readonly<Record<string, unknown>>;
  /** The file or folder behind an asset; undefined when the assembly has none by this key. */
  asset(objectKey: string): string | undefined;
}

/** What `Ref` and `Fn::GetAtt` give. */
export interface CreatedResource {
  readonly ref: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** Makes a resource of one type, or finds it from an earlier start. */
export type ResourceHandler = (
  request: ResourceRequest,
  world: World,
) => CreatedResource | Promise<CreatedResource>;
