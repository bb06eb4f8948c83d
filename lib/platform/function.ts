import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { addAlarm } from '../operations/alarm.ts';
import { telemetryMetric } from '../operations/telemetry-metric.ts';
import { DataLogGroup } from './data-log-group.ts';
import type { StageProps } from './stages.ts';
import { addTracing } from './tracing.ts';

export interface BackendFunctionProps extends StageProps {
  /** The name without the stage. The bundle is `<bundlesFolder>/<functionName>/index.js`. */
  readonly functionName: string;
  readonly description: string;
  /** What users notice while it does not work: `Queries show outdated accounts`. Alarm descriptions begin with it. */
  readonly userImpact: string;
  /** Invocations that take longer fail. */
  readonly timeout: Duration;
  /** Memory in MB. It also sets the share of a CPU: a whole one at 1,769. */
  readonly memorySizeMb: number;
  /** Executions of the account for this function alone, and its maximum. Default: it competes with the others. */
  readonly reservedConcurrency?: number | undefined;
  /** In addition to the variables of every function: `POWERTOOLS_SERVICE_NAME`, `LOG_LEVEL`, `STAGE`, and those of tracing. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * A Lambda function from one of our bundles, with its own role and log group, and with alarms on errors and throttles.
 * The constructs that use it grant what it may do.
 */
export class BackendFunction extends Construct {
  readonly lambda: LambdaFunction;
  /** Its name without the stage. */
  readonly shortName: string;
  /** See {@link BackendFunctionProps.userImpact}. */
  readonly userImpact: string;
  /** Memory in MB. */
  readonly memorySizeMb: number;
  readonly #stage: string;

  constructor(scope: Construct, id: string, props: BackendFunctionProps) {
    super(scope, id);
    this.shortName = props.functionName;
    this.userImpact = props.userImpact;
    this.memorySizeMb = props.memorySizeMb;
    this.#stage = props.stage;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const logGroup = new DataLogGroup(this, 'Logs', props.config);
    // With this grant, the role needs no managed policy, which would allow it to write to every log group.
    logGroup.grantWrite(role);
    this.lambda = new LambdaFunction(this, 'Function', {
      // A fixed name, because direct invocation needs one that callers know.
      functionName: `streamfold-${props.stage}-${props.functionName}`,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(props.bundlesFolder, props.functionName)),
      handler: 'index.handler',
      role,
      logGroup,
      tracing: props.config.tracing === 'xray' ? Tracing.ACTIVE : Tracing.DISABLED,
      memorySize: props.memorySizeMb,
      timeout: props.timeout,
      ...(props.reservedConcurrency !== undefined && {
        reservedConcurrentExecutions: props.reservedConcurrency,
      }),
      environment: {
        POWERTOOLS_SERVICE_NAME: props.functionName,
        LOG_LEVEL: props.config.logLevel,
        STAGE: props.stage,
        ...props.environment,
      },
    });
    addTracing(this.lambda, role, props.config.tracing);
    addAlarm(this, 'Errors', {
      description: `${this.userImpact}: invocations fail.`,
      runbook: 'function-errors',
      metric: this.lambda.metricErrors({ period: Duration.minutes(5) }),
      above: 0,
    });
    addAlarm(this, 'Throttled', {
      description: `${this.userImpact}: Lambda throttles the function, because too many invocations run at once.`,
      runbook: 'function-throttled',
      metric: this.lambda.metricThrottles({ period: Duration.minutes(5) }),
      above: 0,
      periods: 2,
    });
  }

  /**
   * Adds an alarm that goes off when the function meets a commit of the log that was changed or removed. Every function that
   * reads the log or its stream has it. It stays on for an hour after the last time.
   */
  alarmWhenLogChanged(): void {
    addAlarm(this, 'LogChanged', {
      description: `Commands and queries on a stream are refused: ${this.shortName} met a commit that was changed or removed.`,
      runbook: 'log-changed',
      metric: telemetryMetric('LogChanged', {
        stage: this.#stage,
        service: this.shortName,
        period: Duration.minutes(5),
      }),
      above: 0,
      within: 12,
    });
  }

  /** Adds an alarm that goes off when the function parks a stream or record. It stays on for an hour after the last one. */
  alarmWhenParking(): void {
    addAlarm(this, 'Parking', {
      description: `${this.userImpact}: a stream or record was parked.`,
      runbook: 'parked',
      metric: telemetryMetric('Parked', {
        stage: this.#stage,
        service: this.shortName,
        period: Duration.minutes(5),
      }),
      above: 0,
      within: 12,
    });
  }
}
