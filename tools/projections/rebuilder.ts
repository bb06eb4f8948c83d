import {
  type AnswerTo,
  type ReadModelName,
  type ReadModelStatus,
  type RebuilderRequest,
  type Refusal,
  type RequestOf,
  rebuilderName,
} from '../../schema/projections.ts';
import type { Functions } from './functions.ts';
import { Refused } from './refused.ts';

/** Asks the function `rebuilder`. `onRepeat`: see {@link Functions}. @throws {Refused} with its sentence if it refuses. */
export async function ask<Action extends RebuilderRequest['action']>(
  functions: Functions,
  request: RequestOf<Action>,
  onRepeat?: () => void,
): Promise<AnswerTo<Action>> {
  const answer = await functions.invoke<AnswerTo<Action> | Refusal>(rebuilderName, request, onRepeat);
  return accepted(answer);
}

/** @throws {Refused} if an answer is a refusal. */
export function accepted<Answer extends object>(answer: Answer | Refusal): Answer {
  if ('refused' in answer) throw new Refused(answer.refused);
  return answer;
}

/** The status of one read model. @throws {Refused} if the deployed release does not know it, or a person has to correct it. */
export async function statusOf(functions: Functions, readModel: ReadModelName): Promise<ReadModelStatus> {
  const [status] = await ask<'status'>(functions, { action: 'status', readModel });
  if (status) return status;
  throw new Refused(`The rebuilder does not answer the status of ${readModel}.`);
}
