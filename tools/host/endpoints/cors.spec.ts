import { describe, expect, it } from '@jest/globals';
import { Cors } from './cors.ts';

const app = 'https://app.example';
const cors = new Cors({
  AllowOrigins: [app],
  AllowMethods: ['*'],
  AllowHeaders: ['content-type', 'if-match'],
  ExposeHeaders: ['etag'],
  MaxAge: 3600,
});

const get = (origin?: string) => ({ method: 'GET', origin, requestedMethod: undefined });
const preflight = (origin: string) => ({ method: 'OPTIONS', origin, requestedMethod: 'PATCH' });

describe('CORS of an HTTP API', () => {
  it('is added to answers for a named origin, and replaces what the function answers', () => {
    const headers = { etag: '"1"', 'access-control-allow-origin': '*', 'access-control-max-age': '1' };
    expect(cors.headersFor(get(app), headers)).toEqual({
      etag: '"1"',
      vary: 'origin',
      'access-control-allow-origin': app,
      'access-control-expose-headers': 'etag',
    });
  });

  it('answers preflights of a named origin', () => {
    expect(cors.isPreflight(preflight(app))).toBe(true);
    expect(cors.headersFor(preflight(app), { allow: 'GET' })).toEqual({
      allow: 'GET',
      vary: 'origin',
      'access-control-allow-origin': app,
      'access-control-allow-methods': '*',
      'access-control-allow-headers': 'content-type,if-match',
      'access-control-max-age': '3600',
    });
  });

  it.each(['https://app.example:8443', 'http://app.example', 'https://app.example.evil', 'null'])(
    'names no other origin: %s',
    (origin) => {
      expect(cors.isPreflight(preflight(origin))).toBe(false);
      expect(cors.headersFor(get(origin), { vary: 'accept' })).toEqual({ vary: 'accept, origin' });
    },
  );

  it('has no header for a request without an origin', () => {
    expect(cors.headersFor(get(), {})).toEqual({ vary: 'origin' });
  });

  it('leaves the headers of functions alone when the API has none', () => {
    const headers = { 'access-control-allow-origin': '*' };
    expect(new Cors().headersFor(get(app), headers)).toEqual(headers);
    expect(new Cors().allows(app)).toBe(false);
  });
});
