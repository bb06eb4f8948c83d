import { readFileSync } from 'node:fs';
import { relative, resolve } from 'node:path';
import { breakAt } from './breakpoint.ts';

/**
 * A debugger for a transcript: `node test/support/stop-at.ts PORT FILE TEXT [EXPRESSION]`. It sets a breakpoint in the first line of
 * the file that contains the text, and at the first stop prints the calls and the value of the expression, and resumes.
 */
const startedAtMs = performance.now();
const [port = '9229', path = '', text = '', expression] = process.argv.slice(2);
const say = (line: string) =>
  console.log(`${((performance.now() - startedAtMs) / 1_000).toFixed(2).padStart(6)} s  ${line}`);

const file = resolve(path);
const line = readFileSync(file, 'utf8')
  .split('\n')
  .findIndex((each) => each.includes(text));
const breakpoint = await breakAt({ file, line: line + 1 }, Number(port));
say(`Attached to port ${port}. Breakpoint at ${path}:${line + 1}`);
const stop = await breakpoint.stopped();
say('Stopped');
for (const { functionName, place } of stop.frames) {
  if (place === undefined || place.file.includes('/node_modules/')) continue;
  console.log(`            ${functionName || '(anonymous)'}  ${relative('.', place.file)}:${place.line}`);
}
if (expression !== undefined) say(`${expression} = ${JSON.stringify(await stop.evaluate(expression))}`);
await stop.resume();
breakpoint.detach();
say('Resumed');
