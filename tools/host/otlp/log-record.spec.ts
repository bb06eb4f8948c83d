import { describe, expect, it } from '@jest/globals';
import { standardAttributes } from '../../../schema/tracing.ts';
import { readLogLine } from '../log-line.ts';
import { logRecordOf } from './log-record.ts';

const nowMs = 1_764_185_612_000;
const now = '1764185612000000000';
const recordOf = (line: string) => logRecordOf(readLogLine(line), nowMs);
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });

describe('a line that a function logged, as OTLP', () => {
  it('has its time, level, message, fields and span', () => {
    const line = {
      ...{ level: 'WARN', message: 'A stream is parked', timestamp: '2025-11-26T19:33:31.250Z' },
      ...{ service: 'publisher', function_name: 'streamfold-local-publisher', cold_start: true },
      ...{ correlation_id: 'c-1', function_request_id: 'r-1', stream: 'ledger/a' },
      ...{ attempts: 3, ratio: 0.5, isLast: false, none: null, list: ['a', 1], nested: { a: { b: 'c' } } },
      ...{ trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' },
    };
    expect(recordOf(JSON.stringify(line))).toEqual({
      ...{ timeUnixNano: '1764185611250000000', observedTimeUnixNano: now },
      ...{ severityNumber: 13, severityText: 'WARN', body: { stringValue: 'A stream is parked' } },
      ...{ traceId: line.trace_id, spanId: line.span_id },
      attributes: [
        { key: 'faas.coldstart', value: { boolValue: true } },
        text('stream', 'ledger/a'),
        { key: 'attempts', value: { intValue: '3' } },
        { key: 'ratio', value: { doubleValue: 0.5 } },
        { key: 'isLast', value: { boolValue: false } },
        { key: 'none', value: {} },
        { key: 'list', value: { arrayValue: { values: [{ stringValue: 'a' }, { intValue: '1' }] } } },
        {
          key: 'nested',
          value: {
            kvlistValue: { values: [{ key: 'a', value: { kvlistValue: { values: [text('b', 'c')] } } }] },
          },
        },
        text('streamfold.correlation_id', 'c-1'),
        text(standardAttributes.faasInvocationId, 'r-1'),
      ],
    });
  });

  it.each([
    ['TRACE', 1],
    ['debug', 5],
    ['INFO', 9],
    ['WARN', 13],
    ['ERROR', 17],
    ['CRITICAL', 21],
    ['LOUD', undefined],
  ])('of level %s has the severity %s', (level, severity) => {
    expect(recordOf(JSON.stringify({ level, message: 'm' }))?.severityNumber).toBe(severity);
  });

  it('with an error has its parts by their standard names, and what else the error has', () => {
    const error = {
      name: 'TypeError',
      message: 'a',
      stack: 'TypeError: a\n    at b',
      location: 'b:1',
      code: 'E',
    };
    expect(recordOf(JSON.stringify({ level: 'ERROR', message: 'm', error }))?.attributes).toEqual([
      text('exception.type', 'TypeError'),
      text('exception.message', 'a'),
      text('exception.stacktrace', 'TypeError: a\n    at b'),
      { key: 'error', value: { kvlistValue: { values: [text('code', 'E')] } } },
    ]);
    expect(recordOf('{"level":"ERROR","message":"m","error":"text"}')?.attributes).toEqual([
      text('error', 'text'),
    ]);
  });

  it.each(['a plain text', '{"level":"INFO"}', '{"half'])('without structure is its body: %s', (line) => {
    const body = { stringValue: line };
    expect(recordOf(line)).toEqual({ timeUnixNano: now, observedTimeUnixNano: now, body, attributes: [] });
  });

  it.each([
    ['"trace_id":"x","span_id":"b7ad6b7169203331"'],
    ['"trace_id":"0af7651916cd43dd8448eb211c80319c"'],
  ])('with ids that are none belongs to no span: %s', (ids) => {
    const record = recordOf(`{"level":"INFO","message":"m",${ids}}`);
    expect([record?.traceId, record?.spanId]).toEqual([undefined, undefined]);
  });

  it('that is empty, or has metrics, is no record', () => {
    for (const line of ['', '  ', '{"_aws":{}}']) expect(recordOf(line)).toBeUndefined();
  });

  it('nested too deep is cut, without an error', () => {
    const deep = `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`;
    const record = recordOf(`{"level":"INFO","message":"m","deep":${deep}}`);
    expect(JSON.stringify(record)).toContain('(too deep)');
  });
});
