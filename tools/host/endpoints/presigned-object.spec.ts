import { describe, expect, it } from '@jest/globals';
import { isPresignedObject, objectHeadersOf } from './presigned-object.ts';

const signed = 'X-Amz-Credential=a%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Signature=1';
const get = (target: string, method = 'GET') => isPresignedObject({ method, target });

describe('a presigned link', () => {
  it('reads one object', () => {
    expect(get(`/documents/8fe0?${signed}&x-id=GetObject&response-content-type=a`)).toBe(true);
    expect(get(`/documents/8fe0?${signed}`, 'HEAD')).toBe(true);
  });

  it('names the bucket before localhost too, for GET', () => {
    const atBucket = { target: `/8fe0?${signed}`, subName: 'documents' };
    expect(isPresignedObject({ method: 'GET', ...atBucket })).toBe(true);
    expect(isPresignedObject({ method: 'HEAD', ...atBucket })).toBe(false);
    for (const target of [`/?${signed}`, `/2015-03-31/functions?${signed}`, '/8fe0']) {
      expect(isPresignedObject({ method: 'GET', target, subName: 'documents' })).toBe(false);
    }
  });

  it.each([
    ['PUT', `/documents/8fe0?${signed}`],
    ['GET', '/documents/8fe0'],
    ['GET', `/documents?${signed}`],
    ['GET', `/documents/?${signed}`],
    ['GET', `/documents//?${signed}`],
    ['GET', `//documents/8fe0?${signed}`],
    ['GET', `/documents/../?${signed}`],
    ['GET', `/documents/8fe0?${signed}&tagging`],
    ['GET', `/documents/x?${signed}&list-type=2`],
    ['GET', `/documents/8fe0?${signed.replace('s3', 'sqs')}`],
    ['GET', `/2015-03-31/functions/?${signed}`],
  ])('is not %s %s', (method, target) => expect(get(target, method)).toBe(false));
});

describe('the headers that a link asks for', () => {
  it('are those that S3 knows, if they are headers', () => {
    const query = new URLSearchParams({
      'X-Amz-Signature': '1',
      'response-content-type': 'text/plain',
      'response-content-disposition': 'attachment; filename="a"',
      'response-cache-control': 'no-store',
      'response-content-language': '',
      'response-expires': 'a\r\nset-cookie: b',
      'response-set-cookie': 'c',
    });
    expect(objectHeadersOf(query)).toEqual({
      'content-type': 'text/plain',
      'content-disposition': 'attachment; filename="a"',
      'cache-control': 'no-store',
    });
  });
});
