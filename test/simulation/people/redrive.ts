import { contextNames } from '../../../schema/contexts.ts';
import { projectorName } from '../../../schema/names.ts';
import type { FunctionName } from '../world/faults.ts';
import { orGiveUp, tell } from './operator.ts';
import { rebuild } from './rebuild.ts';
import { endWithin, pause, type Surroundings } from './surroundings.ts';

/** The functions with parked streams or commits, in the order in which the operator redrives them. */
const redriven = ['publisher', ...contextNames.map(projectorName)] as readonly FunctionName[];

/** Invocations of one redrive at most, and attempts of each. */
const invocationsMax = 20;
const attemptsMax = 4;
const waitMs = 2_000;
const patienceMs = 16 * 60_000;

/** What a function answers, as far as it says where to continue. */
interface Redriven {
  readonly next?: string;
}

/** Tries again everything that is parked: of the publisher and of all projectors. */
export async function redrive(around: Surroundings): Promise<void> {
  tell(around, () => 'redrives everything that is parked');
  for (const name of redriven) await redriveOne(around, name);
}

/** Continues behind what an answer names, for each context or destination by itself. */
async function redriveOne(around: Surroundings, name: FunctionName): Promise<void> {
  const open: (string | undefined)[] = [undefined];
  for (let count = 0; open.length > 0 && count < invocationsMax; count += 1) {
    const after = open.shift();
    for (const { next } of await call(around, name, after)) {
      if (next !== undefined) open.push(next);
    }
  }
}

async function call(
  around: Surroundings,
  name: FunctionName,
  after: string | undefined,
): Promise<readonly Redriven[]> {
  const event = { redrive: true, ...(after !== undefined && { after }) };
  for (let attempt = 1; attempt <= attemptsMax; attempt += 1) {
    const end = await endWithin(around, patienceMs, around.invoke(name, event));
    if (end.ok) return [end.result as Redriven | readonly Redriven[]].flat();
    tell(around, () => `gets no answer to the redrive of ${name}: ${end.reason}`);
    await pause(around, waitMs * attempt);
  }
  return [];
}

/**
 * What the runbook asks for after consumers were down for longer than streams keep records: a redrive, and a rebuild of all read
 * models while everything runs ("Catch up after lost records").
 */
export async function catchUp(around: Surroundings): Promise<void> {
  tell(around, () => 'catches up: redrives, and rebuilds all read models');
  await redrive(around);
  for (const readModel of contextNames) {
    await orGiveUp(around, `the rebuild of ${readModel}`, () => rebuild(around, readModel, 2));
  }
}
