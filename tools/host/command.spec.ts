import { afterEach, expect, it, jest } from '@jest/globals';
import { runCommand } from './command.ts';
import { UserError } from './user-error.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

it.each([
  ['a sentence for the user', new UserError('no \u001b[2J\nhere'), /^no \\u001b\[2J\nhere$/],
  ['another error with its stack', new Error('no \u001b[2J\nhere'), /^Error: no \\u001b\[2J\nhere\n {4}at /],
])(
  'a command prints %s in characters that leave a terminal as it is, and exits with 1',
  async (_, error, printed) => {
    const exit = jest.spyOn(process, 'exit').mockReturnValue(undefined as never);
    const print = jest.spyOn(console, 'error').mockReturnValue();
    await runCommand(() => Promise.reject(error));
    expect(print.mock.calls).toEqual([[expect.stringMatching(printed)]]);
    expect(exit).toHaveBeenCalledWith(1);
  },
);
