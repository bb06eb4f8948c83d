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
  const { context, generation, use, id, part, stored, expected } = item;
  const words = `The item ${part} of ${context} ${id} in ${generation}`;
  if (use === 'open') return;
  if (use === 'gone') return report(`${words} is left over: the generation was deleted.`);
  if (stored === undefined) return report(`${words} is missing.`);
  if (expected === undefined) return report(`${words} is stored, but no event makes it.`);
  const names = new Set([...Object.keys(stored), ...Object.keys(expected)]);
  const wrong = [...names].filter((name) => !same(stored[name], expected[name]));
  if (wrong.length > 0) report(`${words} differs from the fold of its stream in ${wrong.join(', ')}.`);
}
