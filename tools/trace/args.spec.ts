import { describe, expect, it } from '@jest/globals';
import { parseTraceArguments } from './args.ts';
import { queryText } from './query.ts';

const correlation = '0B8f6f0e-3c1d-4c55-9d43-6b6a3f0c2a17';
const trace = '0af7651916cd43dd8448eb211c80319c';

describe('the command line of trace', () => {
  it.each<[string, string, string]>([
    [correlation, 'correlation', correlation],
    [trace.toUpperCase(), 'trace', trace],
    [`00-${trace}-b7ad6b7169203331-01`, 'trace', trace],
    ['ledger/7f3c@12', 'commit', 'ledger/7f3c@12'],
    ['dispense/acme/7f3c@1', 'commit', 'dispense/acme/7f3c@1'],
  ])('has %s as a %s id', (text, by, id) => {
    expect(parseTraceArguments([text])).toEqual({ help: false, query: { by, id } });
  });

  it.each([
    ...['', 'first', 'ledger/first', 'ledger/first@', 'ledger/first@0', 'ledger/first@01', 'ledger/first@-1'],
    ...['ledger/first@1.5', 'ledger/default/first@1', 'ledger/a/b/c@1', 'Ledger/first@1', '@1'],
    ...[
      '0af7651916cd43dd',
      `${trace}0`,
      correlation.slice(1),
      `ledger/first@1\n`,
      `00-${'0'.repeat(32)}-b7ad6b7169203331-01`,
    ],
  ])('refuses %j, and names the forms', (text) => {
    expect(() => parseTraceArguments([text])).toThrow(
      /is neither a correlation id .*, nor a trace id .*, nor a stream with a version/,
    );
  });

  it('has a host by its port, or a receiver by its URL', () => {
    expect(parseTraceArguments([trace, '--http', '3001'])).toMatchObject({ port: 3001 });
    expect(parseTraceArguments(['--from=http://localhost:4318', trace])).toMatchObject({
      from: 'http://localhost:4318',
    });
  });

  it.each([
    [[], 'help'],
    [['--help'], 'help'],
    [[trace, '-h'], 'help'],
  ])('%j asks for %s', (args) => {
    expect(parseTraceArguments(args)).toEqual({ help: true });
  });

  it.each([
    [[trace, correlation], 'One id at a time'],
    [['--http', '3000'], 'Which trace?'],
    [[trace, '--http', '70000'], '--http must be a port'],
    [[trace, '--from', 'localhost:4318'], '--from must be a URL'],
    [[trace, '--from', 'nowhere'], '--from must be a URL'],
    [[trace, '--from', 'http://a', '--http', '1'], 'use one of them'],
    [[trace, '--follow'], "Unknown option '--follow'. npm run -s trace -- --help lists the options."],
    [[trace, '--http'], '--help lists the options.'],
  ])('refuses %j with a sentence', (args, sentence) => {
    expect(() => parseTraceArguments(args)).toThrow(sentence);
  });

  it('says what was looked for', () => {
    expect(queryText({ by: 'trace', id: trace })).toBe(`trace id ${trace}`);
    expect(queryText({ by: 'commit', id: 'ledger/a@1' })).toBe('ledger/a@1');
  });
});
