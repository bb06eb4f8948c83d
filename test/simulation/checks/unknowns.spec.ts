import { describe, expect, it } from '@jest/globals';
import { checkHistory } from './check-history.ts';
import { work } from './histories.fixture.ts';
import { must } from './sequential-history.fixture.ts';

describe('the checks', () => {
  it('accept that nobody knows when commits were appended, and no progress', () => {
    const history = work();
    for (const commit of history.commits) delete commit.appendedMs;
    history.progress = [];
    expect(checkHistory(history)).toEqual([]);
  });

  it('accept a row that an outdated reader sees', () => {
    const history = work();
    const read = must(history.reads[0]);
    Object.assign(read, { found: undefined });
    expect(checkHistory(history)).toEqual([]);
  });

  it('know commits that were in the log before the history began', () => {
    const history = work();
    history.operations = history.operations.filter(({ command }) => command.id !== 'd');
    for (const commit of history.commits) if (commit.stream === 'dispense/d') commit.isPrepared = true;
    expect(checkHistory(history)).toEqual([]);
  });

  it('find the commit of a command whose id nobody knows', () => {
    const history = work();
    const operation = must(history.operations.find(({ command }) => command.do === 'add-patient'));
    delete operation.commandId;
    operation.attempts = [
      { ...must(operation.attempts[0]), answer: { outcome: 'unanswered', reason: 'lost' } },
    ];
    expect(checkHistory(history)).toEqual([]);
  });
});
