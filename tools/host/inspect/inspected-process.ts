import { runFunction } from '../lambda/runtime.ts';
import { describeThrown } from '../lambda/thrown-error.ts';
import type { ProcessMessage } from './inspected-instance.ts';

/** Runs in a process: one execution environment of one function, with Node's inspector open. The argument is its data. */
const send = (message: ProcessMessage) => process.send?.(message);

process.on('uncaughtException', (error) => {
  send({ kind: 'thrown', error: describeThrown(error) });
  process.exit(1);
});
// The host has ended. `process.exit` would wait for the debugger.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'));

runFunction(JSON.parse(process.argv[2] ?? ''), {
  send,
  onInvoke: (listener) => process.on('message', listener),
});
