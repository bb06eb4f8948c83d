import { describe, expect, it } from '@jest/globals';
import { commandIdOfKey, commandIdOfReaction, commandIdOn, commandIdWithoutKey } from './command-id.ts';
import { defaultTenant } from './stream-name.ts';

/** The owner of a key, in the default tenant. */
const by = (caller?: string, tenant = defaultTenant) => ({ tenant, caller });

const uuid = '7c9e6679-7425-40de-944b-e07fc1f90ae7';

/** Ids of different commands. Joined without an encoding, many of these parts are the same text. */
const different = [
  commandIdOfKey(by(), 'abc'),
  commandIdOfKey(by('null'), 'abc'),
  commandIdOfKey(by('anyone'), 'abc'),
  commandIdOfKey(by('user:1'), 'abc'),
  commandIdOfKey(by('user'), '1:abc'),
  commandIdOfKey(by('user","1'), 'abc'),
  commandIdOfKey(by('user'), '1","abc'),
  commandIdOfKey(by('user\ud800'), 'abc'),
  commandIdOfKey(by('user\ufffd'), 'abc'),
  commandIdOfKey(by('user', 'acme'), 'abc'),
  commandIdOfKey(by('acme', 'user'), 'abc'),
  commandIdOfKey(by(undefined, 'acme'), 'abc'),
  commandIdOfKey(by('metrics-sweeper'), uuid),
  commandIdOfReaction('metrics-sweeper', uuid),
  commandIdOfReaction('prescription-analyzer', uuid),
  commandIdWithoutKey(uuid),
  commandIdOn('a/2', 'a/1', commandIdOfKey(by('user'), 'abc')),
  commandIdOn('a/2', 'a/3', commandIdOfKey(by('user'), 'abc')),
];

describe('the id of a command', () => {
  it('is different for other callers, keys, automations and streams', () => {
    expect(new Set(different).size).toBe(different.length);
  });

  it('never changes, because a repeat may arrive after an upgrade', () => {
    expect(commandIdOfKey(by('alice'), '1')).toBe('§cLrNFWY9stB1Nc9DkGXQaIBnxVOnTw0O-0tQRIoN7SU');
    expect(commandIdOfKey(by(), '1')).toBe('§Ap2SuVBlCfFKN3gPJOPdbgs3cv9WMm_rcOZVbMZRwtY');
    expect(commandIdOfKey(by('alice', 'acme'), '1')).toBe('§3S8leBTTzrNCpvA_M1B_Rq9uDISkkabubphoEwemXKg');
    expect(commandIdOfReaction('metrics-sweeper', uuid)).toBe('§oNAtJrIJD8Q7xPfFDMbhUb9rYNN_DskFNVCuJPzLvUU');
    expect(commandIdOn('a/2', 'a/1', '§1')).toBe('§kd_dOMoVDtOSALvinB9Z8OEjH3kRKOogP13Q44i6s3g');
  });

  it('is no text that a caller can send as a key', () => {
    for (const id of different) expect(id).not.toMatch(/^[\x20-\x7e]+$/);
  });

  it('is the same on the first stream', () => {
    expect(commandIdOn('a/1', 'a/1', '§1')).toBe('§1');
  });
});
