import type { CommandResult } from '../../../lambdas/kernel/index.ts';
import type { CommandAnswer } from '../history.ts';

/** The answer to a command, as its caller sees it. */
export function answerOf(result: CommandResult<object>): CommandAnswer {
  if (result.outcome === 'rejected') return { outcome: 'refused', code: result.rejection.code };
  const { outcome, version, created, answer } = result;
  return {
    outcome: outcome === 'unchanged' ? 'unchanged' : 'changed',
    repeated: outcome === 'repeated',
    version,
    created,
    body: answer as Readonly<Record<string, unknown>>,
  };
}
