import { describe, expect, it } from '@jest/globals';
import { parseStartArguments } from './args.ts';

describe('the options of npm start', () => {
  it('have defaults', () => {
    expect(parseStartArguments([])).toEqual({
      httpPort: 3000,
      awsPort: 4566,
      auth: false,
      owners: false,
      showAllLogs: false,
      help: false,
    });
  });

  it('are accepted in any order', () => {
    const args = ['--dynamodb', 'http://localhost:8000', '--aws', '0', '--persist', 'data', '--http', '8080'];
    expect(parseStartArguments(args)).toMatchObject({
      httpPort: 8080,
      awsPort: 0,
      persistFolder: 'data',
      dynamodbUrl: 'http://localhost:8000',
    });
  });

  it.each([
    [['--foo'], /^Unknown option '--foo'/],
    [['here'], /^Unexpected argument 'here'/],
    [['--http'], /--http/],
    [['--http', 'abc'], /--http must be a port/],
    [['--aws', '65536'], /--aws must be a port/],
    [['--aws', ''], /--aws must be a port/],
    [['--settings', '{"cors":'], /--settings must be a JSON object such as/],
    [['--settings', '[]'], /--settings must be a JSON object such as/],
    [['--settings', ''], /not empty/],
    [['--persist', ''], /--persist needs a folder/],
    [['--owners'], /--owners needs --auth/],
  ])('are refused with one line: %j', (args, message) => {
    const attempt = () => parseStartArguments(args);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ name: 'UserError' }));
    expect(attempt).toThrow(/^[^\n]+$/);
  });
});
