import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { bundleIdOf } from '../../schema/bundle-id.ts';
import { newLogger } from './logger.ts';

const ids = { traceId: '4bf92f3577b34da6a3ce929d0e0e4736', spanId: '00f067aa0ba902b7' };

afterEach(() => {
  jest.restoreAllMocks();
});

function logged(log: (logger: ReturnType<typeof newLogger>) => void, current?: typeof ids) {
  const logger = newLogger({ ids: () => current });
  // The logger writes to a console of its own.
  const lines: string[] = [];
  const { console: own } = logger as unknown as { console: Console };
  for (const method of ['info', 'error'] as const) {
    jest.spyOn(own, method).mockImplementation((line) => lines.push(String(line)));
  }
  log(logger);
  return JSON.parse(lines[0] ?? '{}');
}

describe('the logger of a function', () => {
  it('names the bundle in a line with an error', () => {
    const line = logged((logger) =>
      logger.error('failed', { error: new TypeError('no', { cause: new Error('why') }) }),
    );
    expect(line).toMatchObject({
      level: 'ERROR',
      error: { name: 'TypeError', message: 'no', stack: expect.any(String), cause: { message: 'why' } },
      bundle: bundleIdOf(readFileSync(join(import.meta.dirname, 'logger.ts'))),
    });
    expect(line.error).not.toHaveProperty('bundle');
  });

  it('has the ids of the current span, if there is one', () => {
    const log = (logger: ReturnType<typeof newLogger>) => logger.info('done', { nested: { count: 1 } });
    expect(logged(log, ids)).toMatchObject({
      trace_id: ids.traceId,
      span_id: ids.spanId,
      nested: { count: 1 },
    });
    expect(logged(log)).not.toHaveProperty('trace_id');
  });

  it('does not name it in other lines', () => {
    expect(logged((logger) => logger.info('done', { count: 1 }))).not.toHaveProperty('bundle');
  });
});
