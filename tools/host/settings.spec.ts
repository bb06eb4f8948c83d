import { describe, expect, it } from '@jest/globals';
import { hostSettings } from './settings.ts';

describe('the settings of a host', () => {
  it('are those of the user, with those of --auth', () => {
    const cors = { origins: ['http://localhost:5173'] };
    expect(hostSettings({ cors })).toEqual({ cors });
    expect(hostSettings({ cors }, { auth: true, owners: true })).toMatchObject({ cors, accountOwners: true });
  });

  it('cannot set what --auth sets', () => {
    expect(() => hostSettings({ authorizer: 'none' }, { auth: true })).toThrow(/^--auth sets authorizer:/);
  });
});
