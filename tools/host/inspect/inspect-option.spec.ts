import { describe, expect, it } from '@jest/globals';
import { parseInspect } from './inspect-option.ts';

const names = ['api', 'publisher'];

describe('--inspect', () => {
  it.each([
    ['api', [{ functionName: 'api' }]],
    ['publisher, api', [{ functionName: 'publisher' }, { functionName: 'api' }]],
    ['api:9300,publisher', [{ functionName: 'api', port: 9300 }, { functionName: 'publisher' }]],
  ])('takes %s', (text, inspections) => {
    expect(parseInspect(text, names)).toEqual(inspections);
  });

  it.each([
    ['', /^--inspect needs the name of a function: --inspect takes api, publisher\.$/],
    ['ledger', /^There is no function "ledger": --inspect takes api, publisher\.$/],
    ['api,', /needs the name of a function/],
    ['api:', /port must be a number/],
    ['api:0', /port must be a number/],
    ['api:65536', /port must be a number/],
    ['api:1:2', /port must be a number/],
    ['api,api', /^--inspect names api twice\.$/],
    ['api:9300,publisher:9300', /^--inspect names port 9300 twice\.$/],
  ])('refuses "%s" with one sentence', (text, message) => {
    const attempt = () => parseInspect(text, names);
    expect(attempt).toThrow(message);
    expect(attempt).toThrow(expect.objectContaining({ name: 'UserError' }));
  });

  it('knows the functions of the project', () => {
    expect(parseInspect('ledger-projector')).toEqual([{ functionName: 'ledger-projector' }]);
  });
});
