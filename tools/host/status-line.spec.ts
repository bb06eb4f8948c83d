import { expect, it } from '@jest/globals';
import { statusLine } from './status-line.ts';
import { reportedSteps } from './steps.ts';

const erase = '\r\u001b[K';

it('a status line is replaced, stays below other lines and fits the terminal', () => {
  const written: string[] = [];
  const terminal = { columns: 20, write: (text: string) => written.push(text) };
  const line = statusLine(terminal);
  const all = () => written.splice(0).join('|');
  line.above(() => terminal.write('first\n'));
  expect(all()).toBe('first\n');
  line.show('Building ...');
  expect(all()).toBe('Building ...');
  line.above(() => terminal.write('second\n'));
  expect(all()).toBe(`${erase}|second\n|Building ...`);
  line.show('A text that is longer than the terminal');
  expect(all()).toBe(`${erase}|A text that is long`);
  line.show(undefined);
  expect(all()).toBe(erase);
  line.above(() => terminal.write('third\n'));
  expect(all()).toBe('third\n');
});

const names = (what: string) => ({ doing: `Starting ${what}`, done: `Started ${what}` });

/** What the console is told while two steps run at the same time; the second fails. */
async function toldOf(output: { status?: (text: string | undefined) => void }): Promise<string[]> {
  const told: string[] = [];
  const runStep = reportedSteps({
    say: (line) => told.push(line),
    warn: () => undefined,
    functionLog: () => undefined,
    ...(output.status && { status: (text: string | undefined) => told.push(`[${text ?? ''}]`) }),
  });
  const first = Promise.withResolvers<string>();
  const running = runStep(names('a'), () => first.promise);
  await expect(runStep(names('b'), () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  first.resolve('result');
  expect(await running).toBe('result');
  return told;
}

it('steps are in the status line while they run, and are lines with a duration at their end', async () => {
  expect(await toldOf({ status: () => undefined })).toEqual([
    '[Starting a ...]',
    '[Starting a, Starting b ...]',
    '[Starting a ...]',
    expect.stringMatching(/^Started a in \d+\.\d s\.$/),
    '[]',
  ]);
});

it('without a status line, steps are lines at their start too', async () => {
  expect(await toldOf({})).toEqual([
    'Starting a ...',
    'Starting b ...',
    expect.stringMatching(/^Started a in \d+\.\d s\.$/),
  ]);
});
