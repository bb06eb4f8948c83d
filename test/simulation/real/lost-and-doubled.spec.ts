import { expect, it } from '@jest/globals';
import { derivedId } from '../../../lambdas/http/commands.ts';
import type { CommandAnswer, Operation, PersonCommand, RecordedCommit } from '../history.ts';
import { lostAndDoubled } from './lost-and-doubled.ts';

const credit: PersonCommand = { context: 'ledger', do: 'credit', id: 'a', amount: '1.00' };
const transfer: PersonCommand = { context: 'ledger', do: 'transfer', id: 'a', to: 'b', amount: '1.00' };
const changed: CommandAnswer = { outcome: 'changed', repeated: false, version: 1, created: false, body: {} };
const refused: CommandAnswer = { outcome: 'refused', code: 'ledger/closed' };
const silent: CommandAnswer = { outcome: 'unanswered', reason: 'ECONNRESET' };

const operation = (
  commandId: string,
  answers: readonly CommandAnswer[],
  command: PersonCommand = credit,
): Operation => ({
  who: 'p1',
  command,
  key: commandId,
  commandId,
  attempts: answers.map((answer) => ({ sentMs: 0, endedMs: 1, answer })),
});
const commit = (stream: string, version: number, commandId: string): RecordedCommit => ({
  stream,
  version,
  commandId,
  committedAt: '2026-01-01T00:00:00.000Z',
  events: [],
});
const receiving: RecordedCommit = {
  ...commit('ledger/b', 1, 'another id'),
  events: [
    { id: 'e', type: 'Ledger:TransferReceived', data: { transferId: derivedId('transfer', 'a', 'one') } },
  ],
};

it.each<[string, Operation[], RecordedCommit[], lost: number, doubled: number]>([
  ['an acknowledged command', [operation('one', [changed])], [commit('ledger/a', 1, 'one')], 0, 0],
  ['an unanswered command with commit', [operation('one', [silent])], [commit('ledger/a', 1, 'one')], 0, 0],
  ['an unanswered command without', [operation('one', [silent])], [], 0, 0],
  ['a refused command', [operation('one', [refused])], [], 0, 0],
  ['a command that is lost', [operation('one', [silent, changed])], [], 1, 0],
  ['a commit on another stream', [operation('one', [changed])], [commit('ledger/b', 1, 'one')], 1, 1],
  [
    'a command twice',
    [operation('one', [changed])],
    [commit('ledger/a', 1, 'one'), commit('ledger/a', 2, 'one')],
    0,
    1,
  ],
  ['a refused command with commit', [operation('one', [refused])], [commit('ledger/a', 1, 'one')], 0, 1],
  ['a commit of nobody', [], [commit('ledger/a', 1, 'one')], 0, 1],
  ['a transfer', [operation('one', [changed], transfer)], [commit('ledger/a', 1, 'one'), receiving], 0, 0],
  ['half a transfer', [operation('one', [changed], transfer)], [commit('ledger/a', 1, 'one')], 1, 0],
])('%s', (_what, operations, commits, lost, doubled) => {
  const found = lostAndDoubled({ operations, commits });
  expect({ lost: found.lost.length, doubled: found.doubled.length }).toEqual({ lost, doubled });
});
