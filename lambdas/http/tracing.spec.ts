import { Tracer } from '@aws-lambda-powertools/tracer';
import { describe, expect, it, jest } from '@jest/globals';
import middy from '@middy/core';
import { testContext } from './testing.ts';
import { tracing } from './tracing.ts';

function traced(traceId: string | undefined) {
  const tracer = new Tracer({ enabled: true });
  const segment = { addNewSubsegment: jest.fn(() => subsegment) };
  const subsegment = { name: 'handler', close: jest.fn(), addError: jest.fn() };
  jest.spyOn(tracer, 'isTracingEnabled').mockReturnValue(true);
  jest.spyOn(tracer, 'getRootXrayTraceId').mockReturnValue(traceId);
  jest.spyOn(tracer, 'getSegment').mockReturnValue(segment as never);
  jest.spyOn(tracer, 'setSegment').mockReturnValue();
  jest.spyOn(tracer, 'annotateColdStart').mockReturnValue();
  jest.spyOn(tracer, 'addServiceNameAnnotation').mockReturnValue();
  const addResponse = jest.spyOn(tracer, 'addResponseAsMetadata').mockReturnValue();
  const addError = jest.spyOn(tracer, 'addErrorAsMetadata').mockReturnValue();
  return { tracer, segment, subsegment, addResponse, addError };
}

describe('tracing', () => {
  it('creates a segment without the response for a traced invocation', async () => {
    const { tracer, subsegment, addResponse } = traced('1-5759e988-bd862e3fe1be46a994272793');
    await middy(async () => 'answer').use(tracing(tracer))({}, testContext);
    expect(subsegment.close).toHaveBeenCalledTimes(1);
    expect(addResponse).not.toHaveBeenCalled();
  });

  it('adds the error of a failed invocation', async () => {
    const { tracer, subsegment, addError } = traced('1-5759e988-bd862e3fe1be46a994272793');
    const failing = middy(async () => {
      throw new Error('failed');
    }).use(tracing(tracer));
    await expect(failing({}, testContext)).rejects.toThrow('failed');
    expect(addError).toHaveBeenCalledTimes(1);
    expect(subsegment.close).toHaveBeenCalledTimes(1);
  });

  it('does nothing for an invocation without a trace, or without a tracer', async () => {
    const { tracer, segment } = traced(undefined);
    expect(await middy(async () => 'answer').use(tracing(tracer))({}, testContext)).toBe('answer');
    expect(segment.addNewSubsegment).not.toHaveBeenCalled();
    expect(await middy(async () => 'answer').use(tracing(undefined))({}, testContext)).toBe('answer');
  });
});
