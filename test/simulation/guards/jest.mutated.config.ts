import { join } from 'node:path';
import { project } from '../../../jest.config.ts';

/** Runs one spec without the guard that `SIMULATION_GUARD` names. */
export default {
  ...project,
  rootDir: join(import.meta.dirname, '../../..'),
  testMatch: ['<rootDir>/lambdas/**/*.spec.ts'],
  transform: { '^.+\\.ts$': join(import.meta.dirname, 'mutating-transform.ts') },
  globalSetup: undefined,
};
