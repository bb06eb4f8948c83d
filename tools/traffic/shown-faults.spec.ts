import { beforeAll, describe, expect, it } from '@jest/globals';
import { type Driven, driven } from './driven.fixture.ts';
import { memoryLedger, memoryMetrics, type Send } from './memory.fixture.ts';

type Body = Record<string, unknown>;
type Wrap = (send: Send) => Send;
type Alter = (body: Body, path: string) => void;

/** Answers to GETs of paths that match are altered. */
function showing(pattern: RegExp, alter: Alter): Wrap {
  return (send) => async (request) => {
    const answer = await send(request);
    if (request.method === 'GET' && pattern.test(request.path)) alter(answer.body as Body, request.path);
    return answer;
  };
}

const row = /^\/\w+\/[^/?]+$/;
const list = /^\/(ledger|metrics)\?/;
const lines = /\/(entries|history)\?/;
const items = (body: Body) => body['items'] as Body[];
const set =
  (member: string, value: unknown): Alter =>
  (body) => {
    body[member] = value;
  };
const setIn =
  (member: string, change: Body): Alter =>
  (body) => {
    if (body[member]) body[member] = { ...(body[member] as Body), ...change };
  };
const setFirst =
  (member: string, value: unknown): Alter =>
  (body) => {
    if (items(body)[0]) items(body)[0] = { ...items(body)[0], [member]: value };
  };
const reverse: Alter = (body) => void items(body).reverse();
const dropFirst: Alter = (body) => void items(body).shift();
const repeatFirst: Alter = (body) => void items(body).unshift({ ...items(body)[0] });
const swapFirst: Alter = (body) => void items(body).splice(0, 2, ...items(body).slice(0, 2).reverse());
const endless: Alter = (body) => {
  body['next'] ??= 'again';
};

describe.each([
  ['ledger', memoryLedger()],
  ['metrics', memoryMetrics()],
] as const)('traffic reports that %s shows', (name, system) => {
  let run: Driven;
  beforeAll(async () => {
    run = await driven(name, system);
    expect(run.differences).toEqual([]);
  });

  const ledger: [string, Wrap, RegExp][] = [
    ['another version', showing(row, set('version', 1)), /version is 1, expected/],
    ['another balance', showing(row, set('balance', '0.01')), /balance is 0.01, expected/],
    ['another name', showing(row, set('name', 'x')), /name is x, expected/],
    ['another status', showing(row, set('status', 'frozen')), /status is frozen, expected/],
    ['another balance in the list', showing(list, setFirst('balance', '0.01')), /list.*balance is 0.01, exp/],
    ['an account twice', showing(list, repeatFirst), /The list of accounts: \S+ is there 2 times/],
    ['an account not at all', showing(list, dropFirst), /The list of accounts: \S+ is missing/],
    ['an entry not at all', showing(lines, dropFirst), /entries: version \d+ is missing/],
    ['an entry twice', showing(lines, repeatFirst), /entries: version \d+ is there 2 times/],
    ['entries in another order', showing(lines, swapFirst), /entries: version \d+ is in the place of/],
    ['another counterparty', showing(lines, setFirst('counterparty', 'x')), /counterparty is x, expected/],
    [
      'another transfer id',
      showing(lines, setFirst('transferId', 'x')),
      /The transfer \S+ of \S+ from \S+ to \S+ has the sides: /,
    ],
    ['another balance behind an entry', showing(lines, setFirst('balance', '0.01')), /balance is 0.01, exp/],
    ['entries without an end', showing(lines, endless), /(has more than \d+ pages|answers 400 on page 2)/],
  ];
  const metrics: [string, Wrap, RegExp][] = [
    ['another version', showing(row, set('version', 0)), /version is 0, expected/],
    ['another status', showing(row, set('status', 'active')), /status is active, expected/],
    ['another unit', showing(row, set('unit', 'x')), /unit is x, expected/],
    [
      'another current value',
      showing(row, setIn('current', { value: 0.5 })),
      /current.value is 0.5, expected/,
    ],
    ['another instant', showing(row, setIn('current', { at: 'x' })), /current.at is x, expected/],
    ['another deadline', showing(row, setIn('target', { deadline: 'x' })), /target.deadline is x, expected/],
    ['another start', showing(row, setIn('target', { setAt: 'x' })), /target.setAt is x, expected/],
    [
      'no reaching',
      showing(row, setIn('target', { reachedAt: undefined })),
      /reachedAt is undefined, expected/,
    ],
    ['more progress', showing(row, set('progress', 2)), /progress is 2, expected/],
    ['a metric twice', showing(list, repeatFirst), /The list of metrics: \S+ is there 2 times/],
    ['a metric not at all', showing(list, dropFirst), /The list of metrics: \S+ is missing/],
    ['metrics in another order', showing(list, reverse), /The list of metrics: \S+ is in the place of/],
    ['a value not at all', showing(lines, dropFirst), /history: value [\d.-]+ is missing/],
    ['a value twice', showing(lines, repeatFirst), /history: value [\d.-]+ is there 2 times/],
    ['values in another order', showing(lines, reverse), /history: value [\d.-]+ is in the place of/],
    ['a value at another instant', showing(lines, setFirst('at', '2026-01-01T00:00:00.000Z')), /at is 2026-/],
  ];

  it.each({ ledger, metrics }[name])('%s', async (_what, wrap, sentence) => {
    expect((await run.compare(wrap(system.send))).join('\n')).toMatch(sentence);
  });
});
