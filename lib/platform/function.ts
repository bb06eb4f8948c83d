import { join } from 'node:path';
import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Architecture, Code, Function as LambdaFunction, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { addAlarm } from '../operations/alarm.ts';
import { customMetric } from '../operations/custom-metric.ts';
import { acknowledge } from './acknowledge.ts';
import { removalPolicy } from './protection.ts';
import type { StageProps } from './stages.ts';

export interface BackendFunctionProps extends StageProps {
  /** Names the bundle (`<bundlesFolder>/<functionName>/index.js`) and, with the stage, the function itself. */
  readonly functionName: string;
  readonly description: string;
  /** What users lack while it does not work, for its alarms: `Open work is out of date`. */
  readonly userImpact: string;
  /** Invocations that take longer fail. */
  readonly timeout: Duration;
  /** Memory in MB, and with it the share of a CPU: a whole one at 1,769. */
  readonly memorySizeMb: number;
  /** Beside what every function gets: `POWERTOOLS_SERVICE_NAME`, `LOG_LEVEL`, `STAGE`. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * One of our Lambda functions: the bundle of a file in `lambdas/functions`, with a role and a log group of its own,
 * traced, and with alarms on its errors and throttles. What it may touch, the constructs that use it grant.
 */
export class BackendFunction extends Construct {
  readonly lambda: LambdaFunction;
  /** Its name without the stage. */
  readonly shortName: string;
  /** What users lack while it does not work. */
  readonly userImpact: string;
  /** What it is billed by, beside the time it runs. */
  readonly memorySizeMb: number;
  readonly #stage: string;

  constructor(scope: Construct, id: string, props: BackendFunctionProps) {
    super(scope, id);
    this.shortName = props.functionName;
    this.userImpact = props.userImpact;
    this.memorySizeMb = props.memorySizeMb;
    this.#stage = props.stage;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    acknowledge(
      role,
      'AwsSolutions-IAM5[Resource::*]',
      'X-Ray takes traces for no resource in particular, and streams are listed for none: a test holds the wildcard to those.',
    );
    const logGroup = new LogGroup(this, 'Logs', {
      retention: props.config.logRetention,
      removalPolicy: removalPolicy(props.config.protectData),
    });
    // Granted here, the role needs no managed policy that would let it write to every log group.
    logGroup.grantWrite(role);
    this.lambda = new LambdaFunction(this, 'Function', {
      // A name that callers can know: direct invocation needs one.
      functionName: `streamfold-${props.stage}-${props.functionName}`,
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      code: Code.fromAsset(join(props.bundlesFolder, props.functionName)),
      handler: 'index.handler',
      role,
      logGroup,
      tracing: props.config.tracing === 'on' ? Tracing.ACTIVE : Tracing.DISABLED,
      memorySize: props.memorySizeMb,
      timeout: props.timeout,
      environment: {
        POWERTOOLS_SERVICE_NAME: props.functionName,
        LOG_LEVEL: props.config.logLevel,
        STAGE: props.stage,
        ...props.environment,
      },
    });
    addAlarm(this, 'Errors', {
      description: `${this.userImpact}: invocations fail.`,
      runbook: 'function-errors',
      metric: this.lambda.metricErrors({ period: Duration.minutes(5) }),
      above: 0,
    });
    addAlarm(this, 'Throttled', {
      description: `${this.userImpact}: Lambda refuses to run the function more often at once.`,
      runbook: 'function-throttled',
      metric: this.lambda.metricThrottles({ period: Duration.minutes(5) }),
      above: 0,
      periods: 2,
    });
  }

  /** An alarm for when it sets something aside, for a function that does: it stays for an hour after the last time. */
  alarmWhenParking(): void {
    addAlarm(this, 'Parking', {
      description: `${this.userImpact}, for a stream or record that was set aside.`,
      runbook: 'parked',
      metric: customMetric('Parked', {
        stage: this.#stage,
        service: this.shortName,
        period: Duration.minutes(5),
      }),
      above: 0,
      evaluationPeriods: 12,
    });
  }
}
