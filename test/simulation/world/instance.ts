import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import type { KMSClient } from '@aws-sdk/client-kms';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { Effects } from '../../../lambdas/kernel/index.ts';
import type { Caller, Surroundings } from './caller.ts';
import { SimulatedClient } from './client.ts';
import type { CodeVersion } from './deployment.ts';
import type { FunctionName, ServiceName } from './faults.ts';
import type { Random } from './random.ts';

/** Why a signal aborts. Shared: an error of its own for each signal would cost more than a call. */
const overTime = Object.assign(new Error('The time limit is over.'), { name: 'TimeoutError' });

/** The clients of an instance, in the place of the SDK's. */
export interface Clients {
  readonly dynamodb: DynamoDBClient;
  readonly kinesis: KinesisClient;
  readonly sqs: SQSClient;
  readonly kms: KMSClient;
}

/** What an instance is. */
export interface InstanceProps {
  readonly world: Surroundings;
  readonly functionName: FunctionName;
  /** Number of the instance of this function, from 1. */
  readonly number: number;
  readonly version: CodeVersion;
  /** How far its clock is ahead of the service's, in ms. */
  readonly skewMs: number;
}

/**
 * One execution environment of a function: its clock, its randomness and its connections. When it is killed, its calls and
 * waits never come back. Requests that are under way are still carried out.
 */
export class Instance implements Caller {
  readonly name: string;
  readonly functionName: FunctionName;
  /** Of the instances of its function, from 1. */
  readonly number: number;
  readonly version: CodeVersion;
  readonly random: Random;
  readonly effects: Effects;
  readonly clients: Clients;
  readonly world: Surroundings;
  #isAlive = true;
  readonly #onKill: (() => void)[] = [];

  constructor({ world, functionName, number, version, skewMs }: InstanceProps) {
    this.world = world;
    this.functionName = functionName;
    this.number = number;
    this.name = `${functionName}#${number}`;
    this.version = version;
    this.random = world.random.of(this.name);
    this.effects = this.#effects(skewMs);
    const client = (service: ServiceName, maxAttempts: number) =>
      new SimulatedClient(this, service, maxAttempts);
    // As many attempts as the clients of the functions have.
    this.clients = {
      dynamodb: client('dynamodb', 4) as unknown as DynamoDBClient,
      kinesis: client('kinesis', 1) as unknown as KinesisClient,
      sqs: client('sqs', 1) as unknown as SQSClient,
      kms: client('kms', 4) as unknown as KMSClient,
    };
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  /** Ends the instance. */
  kill(): void {
    if (!this.#isAlive) return;
    this.#isAlive = false;
    for (const action of this.#onKill) action();
  }

  /** Calls an action when the instance is killed. */
  onKill(action: () => void): void {
    this.#onKill.push(action);
  }

  #effects(skewMs: number): Effects {
    const { time } = this.world;
    const ids = this.random.of('ids');
    const nowMs = () => time.nowMs + skewMs;
    return {
      now: () => new Date(nowMs()).toISOString(),
      delay: (ms) =>
        new Promise((resolve) => {
          time.after(ms, () => {
            if (this.#isAlive) resolve();
          });
        }),
      timeLimit: (ms) => {
        const controller = new AbortController();
        time.after(ms, () => {
          if (this.#isAlive) controller.abort(overTime);
        });
        return controller.signal;
      },
      random: this.random.of('jitter').next,
      newId: () => ids.uuid(nowMs()),
    };
  }
}
