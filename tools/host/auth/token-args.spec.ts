import { describe, expect, it } from '@jest/globals';
import { scopeNames } from '../../../schema/scopes.ts';
import { parseTokenArguments } from './token-args.ts';

describe('the options of npm run token', () => {
  it('have defaults, except the subject', () => {
    expect(parseTokenArguments(['--subject', 'w'])).toEqual({
      subject: 'w',
      scopes: scopeNames,
      minutes: 60,
      httpPort: 3000,
    });
  });

  it('are accepted', () => {
    const args = ['--subject', 'w', '--tenant', 't', '--scopes', 'ledger:read,ledger:write'];
    expect(parseTokenArguments([...args, '--minutes', '5', '--http', '8080'])).toEqual({
      subject: 'w',
      tenant: 't',
      scopes: ['ledger:read', 'ledger:write'],
      minutes: 5,
      httpPort: 8080,
    });
    expect(parseTokenArguments(['--subject', 'w', '--scopes', ''])).toMatchObject({ scopes: [] });
    expect(parseTokenArguments(['--help'])).toBe('help');
  });

  it.each([
    [[], /^--subject needs/],
    [['--subject', ''], /^--subject needs/],
    [['--foo'], /^Unknown option '--foo'/],
    [
      ['--subject', 'w', '--scopes', 'ledger:rule'],
      /^There is no scope "ledger:rule": the scopes are ledger:read,/,
    ],
    [['--subject', 'w', '--http', 'x'], /--http must be a port/],
  ])('are refused with one line: %j', (args, message) => {
    expect(() => parseTokenArguments(args)).toThrow(expect.objectContaining({ name: 'UserError' }));
    expect(() => parseTokenArguments(args)).toThrow(message);
  });
});
