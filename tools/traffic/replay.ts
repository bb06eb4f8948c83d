import type { Aggregate } from './aggregate.ts';
import type { ContextTypes, Members } from './context-types.ts';
import type { ContextModel } from './model.ts';
import { brief, isSame } from './outcome.ts';

/**
 * Replays the accepted commands of an aggregate by the rules, in the order of their versions. Each reply must be one that
 * the rules permit at this point. Only the first other reply is reported, because more may follow from it.
 * `shown`: the lines of the read model. Returns the expected state and lines.
 */
export function replay<C extends ContextTypes>(
  model: ContextModel<C>,
  aggregate: Aggregate<C>,
  shown: readonly Members[],
): { state: C['State']; lines: Members[]; findings: string[] } {
  const { resolve, lines: linesModel } = model;
  const lines: Members[] = [];
  const findings: string[] = [];
  let state = aggregate.initial;
  const resolved = resolve?.(aggregate, shown) ?? aggregate.done;
  for (const done of resolved.toSorted((one, other) => one.version - other.version)) {
    const { version, reply, command } = done;
    if (version === state.version) findings.push(`version ${version} was acknowledged to two commands`);
    const decisions = [...model.replay(state, done)];
    const accepted = decisions.filter((decision) => 'reply' in decision);
    const match = accepted.find((one) => (reply ? isSame(one, { reply }) : one.reply.version === version));
    if (!match && findings.length === 0) {
      const expected = decisions.map((one) => brief('reply' in one ? one.reply : one)).join(' or ');
      const answered = reply ? `answered ${brief(reply)}` : `done at version ${version}`;
      findings.push(`after version ${state.version}, ${command.kind} was ${answered}, expected: ${expected}`);
    }
    state = { ...(match ?? accepted.at(-1) ?? { state }).state, version };
    lines.push(...(linesModel?.of(done, state) ?? []));
  }
  return { state, lines: linesModel?.compare ? lines.sort(linesModel.compare) : lines, findings };
}
