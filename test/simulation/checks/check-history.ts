import type { Finding, RecordedHistory } from '../history.ts';
import { answersCheck } from './answers.ts';
import { automationsCheck } from './automations.ts';
import { carriedOutCheck } from './carried-out.ts';
import type { Check } from './check.ts';
import { commitTimesCheck } from './commit-times.ts';
import { itemsCheck } from './items.ts';
import { keysCheck } from './keys.ts';
import { listsCheck } from './lists.ts';
import { moneyCheck } from './money.ts';
import { orderCheck } from './order.ts';
import { parkedCheck } from './parked.ts';
import { pastCheck } from './past.ts';
import { personsCheck } from './persons.ts';
import { progressCheck } from './progress.ts';
import { readsCheck } from './reads.ts';
import { refusalsCheck } from './refusals.ts';
import { rowsCheck } from './rows.ts';
import { storyOf } from './story.ts';
import { todoCheck } from './todo.ts';
import { undosCheck } from './undos.ts';
import { unreadableCheck } from './unreadable.ts';
import { versionsCheck } from './versions.ts';

/** Every check, in the order in which a reader wants their findings. */
export const checks: readonly Check[] = [
  versionsCheck,
  commitTimesCheck,
  carriedOutCheck,
  answersCheck,
  refusalsCheck,
  unreadableCheck,
  keysCheck,
  orderCheck,
  readsCheck,
  listsCheck,
  pastCheck,
  moneyCheck,
  rowsCheck,
  itemsCheck,
  todoCheck,
  automationsCheck,
  personsCheck,
  undosCheck,
  parkedCheck,
  progressCheck,
];

/** Judges a history. Every difference between what happened and what is right is a finding. Empty: everything is right. */
export function checkHistory(history: RecordedHistory): Finding[] {
  const story = storyOf(history);
  const findings: Finding[] = [];
  for (const { name: check, judge } of checks) {
    judge(story, (text, atMs) => findings.push({ check, text, ...(atMs !== undefined && { atMs }) }));
  }
  return findings;
}
