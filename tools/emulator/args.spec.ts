import { describe, expect, it } from '@jest/globals';
import { UserError } from '../host/user-error.ts';
import { parseEmulatorArguments } from './args.ts';

describe('the arguments', () => {
  it('start MiniStack on the default port of a deployment', () => {
    expect(parseEmulatorArguments(['start'])).toEqual({ command: 'start', port: 4566, showsLogs: false });
    expect(parseEmulatorArguments(['start', '--port', '0', '--logs'])).toEqual({
      command: 'start',
      port: 0,
      showsLogs: true,
    });
  });

  it.each(['deploy', 'destroy'])('%s by default stage local at port 4566', (command) => {
    const endpoint = 'http://localhost:4566';
    expect(parseEmulatorArguments([command])).toEqual({ command, stage: 'local', endpoint });
    const options = ['--stage', 'dev', '--settings', '{}', '--endpoint', 'http://localhost:8000/'];
    expect(parseEmulatorArguments([command, ...options])).toEqual({
      command,
      stage: 'dev',
      settings: '{}',
      endpoint: 'http://localhost:8000',
    });
  });

  it.each([[['start', '--help']], [['deploy', '-h']], [[]], [['stop']]])(
    'are answered with the usage: %j',
    (args) => {
      expect(parseEmulatorArguments(args)).toEqual({ command: 'help' });
    },
  );

  it.each([
    [['start', '--port', '65536'], '--port must be a port from 0 to 65535, not "65536".'],
    [['start', '--stage', 'dev'], "Unknown option '--stage'"],
    [['deploy', 'dev'], "Unexpected argument 'dev'"],
  ])('are refused with a sentence: %j', (args, sentence) => {
    expect(() => parseEmulatorArguments(args)).toThrow(UserError);
    expect(() => parseEmulatorArguments(args)).toThrow(sentence);
  });
});
