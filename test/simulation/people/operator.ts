import {
  type AnswerTo,
  type ReadModelName,
  type ReadModelStatus,
  type RebuilderRequest,
  type Refusal,
  type RequestOf,
  rebuilderName,
} from '../../../schema/projections.ts';
import { endWithin, pause, type Surroundings } from './surroundings.ts';

export const operatorName = 'the operator';

/** Attempts of a request, and the waits between them, in ms: as `npm run projections` has them. */
const attemptsMax = 6;
const [firstWaitMs, longestWaitMs] = [1_000, 15_000];
/** An operator gives up an invocation after this time, in ms: longer than any function may run. */
const patienceMs = 16 * 60_000;

/** The operator gives something up: a request was refused, or was not answered in any attempt. The message is a sentence. */
export class GivenUp extends Error {
  override readonly name = 'GivenUp';
}

/** Tells what the operator does. */
export function tell({ world }: Pick<Surroundings, 'world'>, what: () => string): void {
  world.trace.say(operatorName, what);
}

/**
 * Asks the function `rebuilder`, again while no answer comes. A `begin` that is asked again resumes its own build. @throws {GivenUp} if
 * it is refused, or never answered. `onRepeat`: called before each repetition.
 */
export async function ask<Action extends RebuilderRequest['action']>(
  around: Surroundings,
  request: RequestOf<Action>,
  onRepeat: () => void = () => undefined,
): Promise<AnswerTo<Action>> {
  for (let attempt = 1; ; attempt += 1) {
    const repeated = attempt > 1 && request.action === 'begin' ? { ...request, resume: true } : request;
    const answer = await askOnce(around, repeated);
    if (answer !== undefined) return answer as AnswerTo<Action>;
    if (attempt >= attemptsMax) throw new GivenUp(`No attempt of "${request.action}" is answered.`);
    await pause(around, Math.min(firstWaitMs * 2 ** (attempt - 1), longestWaitMs));
    onRepeat();
  }
}

/** One request that is not repeated. Undefined: no answer. @throws {GivenUp} if it is refused. */
export async function askOnce(around: Surroundings, request: RebuilderRequest): Promise<unknown> {
  const end = await endWithin(around, patienceMs, around.invoke(rebuilderName, request));
  if (!end.ok) {
    tell(around, () => `gets no answer to "${request.action}": ${end.reason}`);
    return undefined;
  }
  const answer = end.result as object | Refusal;
  if ('refused' in answer) throw new GivenUp(answer.refused);
  return answer;
}

/** The status of a read model. @throws {GivenUp} */
export async function statusOf(around: Surroundings, readModel: ReadModelName): Promise<ReadModelStatus> {
  const [status] = await ask<'status'>(around, { action: 'status', readModel });
  if (status === undefined) throw new GivenUp(`There is no status of ${readModel}.`);
  return status;
}

/** Does some work. If the operator gives it up, that is told, and the answer is false. */
export async function orGiveUp(
  around: Surroundings,
  title: string,
  work: () => Promise<void>,
): Promise<boolean> {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof GivenUp)) throw error;
    tell(around, () => `gives up ${title}: ${error.message}`);
    return false;
  }
}
