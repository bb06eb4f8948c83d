import {
  DescribeExecutionCommand,
  type DescribeExecutionCommandOutput,
  paginateListExecutions,
  SFNClient,
  type SFNClientConfig,
  StartExecutionCommand,
} from '@aws-sdk/client-sfn';
import type { ReadModelName } from '../../../schema/projections.ts';
import { UserError } from '../../host/user-error.ts';
import { awsFailure } from '../aws-failure.ts';
import { Refused } from '../refused.ts';

/** What the state machine of a rebuild is started with. */
export interface RebuildInput {
  readonly readModel: ReadModelName;
  readonly segments: number;
  readonly switch: boolean;
}

export interface RebuildMachineOptions {
  /** An ARN of a function of the same stage: it names the partition, the region and the account. */
  readonly functionArn: string;
  readonly stage: string;
  readonly client: SFNClientConfig;
  readonly signal: AbortSignal;
}

/** Executions that are looked at for one of the same read model. */
const runningMax = 1_000;

/** The state machine `streamfold-<stage>-rebuild`. */
export class RebuildMachine {
  readonly #arn: string;
  readonly #options: RebuildMachineOptions;
  readonly #client: SFNClient;

  constructor(options: RebuildMachineOptions) {
    const { functionArn, stage, client } = options;
    const [, partition, , region, account] = functionArn.split(':');
    this.#arn = `arn:${partition}:states:${region}:${account}:stateMachine:streamfold-${stage}-rebuild`;
    this.#options = options;
    this.#client = new SFNClient(client);
  }

  /** Starts a rebuild and returns the ARN of its execution. @throws {Refused} if one of the same read model runs. */
  async start(input: RebuildInput): Promise<string> {
    return this.#call(async (abortSignal) => {
      await this.#refuseSecond(input.readModel);
      const start = new StartExecutionCommand({ stateMachineArn: this.#arn, input: JSON.stringify(input) });
      const { executionArn = '' } = await this.#client.send(start, { abortSignal });
      return executionArn;
    });
  }

  /** An execution, as it is now. */
  async describe(executionArn: string): Promise<DescribeExecutionCommandOutput> {
    return this.#call((abortSignal) =>
      this.#client.send(new DescribeExecutionCommand({ executionArn }), { abortSignal }),
    );
  }

  async #refuseSecond(readModel: ReadModelName): Promise<void> {
    const running = { stateMachineArn: this.#arn, statusFilter: 'RUNNING' } as const;
    let seen = 0;
    for await (const { executions = [] } of paginateListExecutions({ client: this.#client }, running)) {
      for (const { executionArn, startDate } of executions) {
        seen += 1;
        const { input } = await this.#client.send(new DescribeExecutionCommand({ executionArn }));
        if (readModelOf(input) === readModel) {
          throw new Refused(
            `A rebuild of ${readModel} runs since ${startDate?.toISOString()}. Follow it with "status".`,
          );
        }
      }
      if (seen >= runningMax) return;
    }
  }

  async #call<Answer>(work: (signal: AbortSignal) => Promise<Answer>): Promise<Answer> {
    const { signal, client } = this.#options;
    try {
      return await work(signal);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof Refused || error instanceof UserError) throw error;
      throw awsFailure(error, `The state machine ${this.#arn}`, client.endpoint?.toString());
    }
  }
}

function readModelOf(input: string | undefined): unknown {
  try {
    const { readModel }: { readonly readModel?: unknown } = JSON.parse(input ?? '{}');
    return readModel;
  } catch {
    return undefined;
  }
}
