import type { FinalRow } from '../history.ts';
import type { Check, Report } from './check.ts';
import { generationsOf } from './generations.ts';
import { concernsTodo, todoItems } from './model/todo.ts';
import { judgeLines, rowWords } from './rows.ts';
import type { StreamStory } from './stream-story.ts';

/** In the end the TODO list has the items that its rules say, open and closed, in every written generation. */
export const todoCheck: Check = {
  name: 'the TODO list equals its rules',
  judge: ({ history, streams }, report) => {
    const concerned = [...streams.values()].filter(({ events }) =>
      events.some((event) => event && concernsTodo(event)),
    );
    if (concerned.length === 0 && history.rows.every(({ context }) => context !== 'todo')) return;
    for (const { generation, rows } of generationsOf(history, 'todo', report)) {
      const byId = Map.groupBy(rows, ({ id }) => id);
      for (const { name } of concerned) {
        if (!byId.has(name)) report(`${name} has no row in the TODO list, in ${generation}.`);
      }
      for (const [id, [row, ...more]] of byId) {
        if (more.length > 0) report(`The TODO list has ${more.length + 1} rows of ${id}, in ${generation}.`);
        if (row) judgeRow(row, streams.get(id), report);
      }
    }
  },
};

function judgeRow(row: FinalRow, stream: StreamStory | undefined, report: Report): void {
  const words = rowWords(row);
  if (stream === undefined) {
    report(`There is a row of ${words}, which has no commits.`);
    return;
  }
  const events = stream.events.filter((event) => event !== undefined);
  const last = stream.commits.findLast((placed) => placed.events.some(concernsTodo))?.lastVersion ?? 0;
  if (row.version < last || row.version > stream.lastVersion) {
    report(`The row of ${words} is at version ${row.version} instead of ${last} to ${stream.lastVersion}.`);
  }
  judgeLines(`the rules of ${words}`, row, todoItems(stream.name, events), report);
}
