import { describe, expect, it } from '@jest/globals';
import { httpAnswer } from './http-response.ts';

const answer = (result: unknown) => {
  const found = httpAnswer(JSON.stringify(result));
  return found && { ...found, body: found.body.toString() };
};

describe('what a function returns', () => {
  it('becomes an answer', () => {
    const result = {
      statusCode: 201,
      headers: { ETag: '"1"', 'Content-Type': 'a/b' },
      body: 'x',
    };
    expect(answer(result)).toEqual({
      statusCode: 201,
      headers: { etag: '"1"', 'content-type': 'a/b' },
      body: 'x',
    });
  });

  it('may be base64', () => {
    expect(answer({ statusCode: 200, body: 'aGk=', isBase64Encoded: true })).toMatchObject({ body: 'hi' });
  });

  it.each([
    [{ statusCode: 'abc' }],
    [{ statusCode: 99 }],
    [{ statusCode: 200, body: { a: 1 } }],
    [{ statusCode: 200, cookies: ['a=1'] }],
    [{ a: 1 }],
    ['text'],
    [null],
  ])('is no answer when it is %j', (result) => {
    expect(answer(result)).toBeUndefined();
  });
});
