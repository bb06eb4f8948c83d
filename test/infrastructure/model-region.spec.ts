import { describe, expect, it } from '@jest/globals';
import { inferenceProfile, regionsOf } from '../../lib/platform/model-region.ts';

describe('the regions of an inference profile', () => {
  it.each([
    ['us.some.model', ['us-*']],
    ['eu.some.model', ['eu-*']],
    // Seoul is in the north-east of Asia too, and Singapore in the south-east: they are in no profile of Japan or Australia.
    ['jp.some.model', ['ap-northeast-1', 'ap-northeast-3']],
    ['au.some.model', ['ap-southeast-2', 'ap-southeast-4']],
  ])('are those of its geography alone: %s', (id, regions) => {
    const profile = inferenceProfile(id);
    expect(profile && regionsOf(profile)).toEqual(regions);
  });

  it('are unknown for another geography', () => {
    expect(() => regionsOf({ geography: 'xx', modelId: 'some.model' })).toThrow(RangeError);
  });
});
