import { type CfnElement, Duration, Stack, Token } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Choice,
  Condition,
  DefinitionBody,
  DistributedMap,
  Fail,
  type IChainable,
  JitterType,
  JsonPath,
  StateMachine,
  StateMachineType,
  Succeed,
  TaskInput,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { RebuilderRequest } from '../../schema/projections.ts';
import { addAlarm } from '../operations/alarm.ts';
import { acknowledge, acknowledgeAllBelow } from '../platform/acknowledge.ts';
import type { BackendFunction } from '../platform/function.ts';
import type { StageProps } from '../platform/stages.ts';

export interface RebuildMachineProps extends StageProps {
  readonly rebuilder: BackendFunction;
}

type Action = RebuilderRequest['action'];

/** The build that a step is about, in the state of the machine. */
const build = {
  readModel: JsonPath.stringAt('$.readModel'),
  generation: JsonPath.stringAt('$.status.building.generation'),
};

/**
 * The state machine that rebuilds a read model: input `{"readModel":"ledger","segments":8,"switch":true}`. It invokes the
 * rebuilder, which does each step; the parts of a phase run at the same time. An execution that failed is started again with the
 * same input: it continues the build.
 */
export class RebuildMachine extends Construct {
  readonly machine: StateMachine;
  readonly #props: RebuildMachineProps;

  constructor(scope: Construct, id: string, props: RebuildMachineProps) {
    super(scope, id);
    this.#props = props;
    const { stage, config, rebuilder } = props;
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('states.amazonaws.com') });
    this.machine = new StateMachine(this, 'StateMachine', {
      stateMachineName: `streamfold-${stage}-rebuild`,
      stateMachineType: StateMachineType.STANDARD,
      comment: 'Builds a read model again from the log, beside the running one',
      definitionBody: DefinitionBody.fromChainable(this.#definition()),
      role,
      tracingEnabled: config.tracing === 'xray',
    });
    acknowledge(
      this.machine,
      'AwsSolutions-SF1',
      'Step Functions keeps the history of each execution for 90 days, and the function logs each step.',
    );
    if (config.tracing !== 'xray') this.#acknowledgeNoTraces();
    this.#acknowledgeWildcards(role);
    addAlarm(this, 'Failed', {
      description: `${rebuilder.userImpact}: an execution of the state machine failed.`,
      runbook: 'rebuild-failed',
      metric: this.machine.metricFailed({ period: Duration.minutes(5) }),
      above: 0,
    });
  }

  #acknowledgeNoTraces(): void {
    const why =
      'The functions of a rebuild send their own spans, if any. A trace of the state machine would not be connected to them.';
    for (const rule of ['AwsSolutions-SF2', 'Serverless-StepFunctionStateMachineXray']) {
      acknowledge(this.machine, rule, why);
    }
  }

  #acknowledgeWildcards(role: Role): void {
    const versions = 'The task of the CDK may invoke any version of this one function. It has none.';
    acknowledgeAllBelow(role, this.#props.rebuilder.lambda, ':*', versions);
    if (this.#props.config.tracing === 'xray') {
      const traces = 'Sending traces to X-Ray cannot be limited to a resource.';
      acknowledge(role, 'AwsSolutions-IAM5[Resource::*]', traces);
    }
    const stack = Stack.of(this);
    const arn = [
      `arn:${textOf(stack.partition, 'Partition')}:states`,
      `${textOf(stack.region, 'Region')}:${textOf(stack.account, 'AccountId')}:execution`,
      `{"Fn::Select":[6,{"Fn::Split":[":",{"Ref":"${stack.getLogicalId(this.machine.node.defaultChild as CfnElement)}"}]}]}`,
    ].join(':');
    const executions =
      'The parts of a rebuild are executions of this state machine, and get their names when they begin.';
    for (const all of [':*', '/*:*']) {
      acknowledge(this.machine, `AwsSolutions-IAM5[Resource::${arn}${all}]`, executions);
    }
  }

  #definition(): IChainable {
    const finished = new Succeed(this, 'Finished');
    // `$.status` stays what the comparison has found: the output of the execution has it for whoever watches.
    const switched = this.#step('Switch', 'switch', { ...build, unlessParked: true }, finished, '$.switched');
    const whetherToSwitch = new Choice(this, 'Switch?')
      .when(isTrue('$.switch'), switched)
      .otherwise(finished);
    const finish = this.#step('Finish', 'finish', build, whetherToSwitch);
    const compare = this.#parts('Compare', 'compare').next(finish);
    const untilReady = new Wait(this, 'Until projectors write it', {
      time: WaitTime.timestampPath('$.status.building.readyAt'),
    }).next(compare);
    const follow = this.#step('Follow', 'follow', build, untilReady);
    const fold = this.#parts('Fold', 'fold').next(follow);
    const byPhase = new Choice(this, 'Phase?')
      .when(Condition.stringEquals('$.status.building.phase', 'folding'), fold)
      .when(Condition.stringEquals('$.status.building.phase', 'following'), untilReady)
      .otherwise(whetherToSwitch);
    const begin = {
      readModel: JsonPath.stringAt('$.readModel'),
      segments: JsonPath.numberAt('$.segments'),
      resume: true,
    };
    return this.#step('Begin', 'begin', begin, byPhase);
  }

  /** One request whose answer is the status of the read model. The execution fails if it is refused. */
  #step(name: string, action: Action, request: object, next: IChainable, path = '$.status'): IChainable {
    const refused = `${path}.refused`;
    return this.#invoke(name, action, request, path).next(
      new Choice(this, `${name}: refused?`)
        .when(Condition.isPresent(refused), this.#refused(`${name} refused`, refused))
        .otherwise(next),
    );
  }

  /** Works on all parts of a phase, several at the same time, each until it is done. */
  #parts(name: string, action: Action): DistributedMap {
    const work = this.#invoke(
      `${name} a part`,
      action,
      {
        readModel: JsonPath.stringAt('$.readModel'),
        generation: JsonPath.stringAt('$.generation'),
        segment: JsonPath.numberAt('$.segment'),
      },
      '$.progress',
    );
    work.next(
      new Choice(this, `${name}: done?`)
        .when(
          Condition.isPresent('$.progress.refused'),
          this.#refused(`${name} a part refused`, '$.progress.refused'),
        )
        .when(isTrue('$.progress.done'), new Succeed(this, `${name}: part done`))
        .otherwise(work),
    );
    const map = new DistributedMap(this, `${name} all parts`, {
      itemsPath: '$.status.building.progress',
      itemSelector: { ...build, segment: JsonPath.numberAt('$$.Map.Item.Index') },
      maxConcurrency: this.#props.config.rebuildConcurrency,
      mapExecutionType: StateMachineType.STANDARD,
      resultPath: JsonPath.DISCARD,
    });
    return map.itemProcessor(work);
  }

  #invoke(name: string, action: Action, request: object, resultPath: string): LambdaInvoke {
    const task = new LambdaInvoke(this, name, {
      lambdaFunction: this.#props.rebuilder.lambda,
      payload: TaskInput.fromObject({ action, ...request }),
      payloadResponseOnly: true,
      resultPath,
      // The retries below have a longer wait.
      retryOnServiceExceptions: false,
    });
    // An outage: each step is safe to repeat. Altogether about ten minutes.
    task.addRetry({
      errors: ['States.ALL'],
      interval: Duration.seconds(2),
      backoffRate: 2,
      maxDelay: Duration.seconds(60),
      maxAttempts: 12,
      jitterStrategy: JitterType.FULL,
    });
    return task;
  }

  #refused(name: string, causePath: string): Fail {
    return new Fail(this, name, { error: 'Refused', causePath });
  }
}

/** A part of an ARN as cdk-nag writes it: a stage that is bound to an account and a region has it as text. */
function textOf(value: string, parameter: string): string {
  return Token.isUnresolved(value) ? `<AWS::${parameter}>` : value;
}

function isTrue(path: string): Condition {
  return Condition.and(Condition.isPresent(path), Condition.booleanEquals(path, true));
}
