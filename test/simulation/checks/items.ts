import type { FinalItem } from '../history.ts';
import type { Check, Report } from './check.ts';
import { same } from './same.ts';

/** In the end every item is what the read model makes of the log, with what puts it into lists, and nothing else is stored. */
export const itemsCheck: Check = {
  name: 'every item equals the fold of its stream',
  judge: ({ history: { items = [] } }, report) => {
    for (const item of items) judgeItem(item, report);
  },
};

function judgeItem(item: FinalItem, report: Report): void {
  const problem = problemOf(item);
  if (problem === undefined) return;
  const { context, generation, id, part } = item;
  report(`The item ${part} of ${context} ${id} in ${generation} ${problem}.`);
}

function problemOf({ use, stored, expected }: FinalItem): string | undefined {
  if (use === 'open') return undefined;
  if (use === 'gone') return 'is left over: the generation was deleted';
  if (stored === undefined) return 'is missing';
  if (expected === undefined) return 'is stored, but no event makes it';
  const names = new Set([...Object.keys(stored), ...Object.keys(expected)]);
  const wrong = [...names].filter((name) => !same(stored[name], expected[name]));
  return wrong.length === 0 ? undefined : `differs from the fold of its stream in ${wrong.join(', ')}`;
}
