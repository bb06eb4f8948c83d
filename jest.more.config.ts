import config, { project, reporters } from './jest.config.ts';

/** The specs that take minutes: `npm run test:more`. */
export default {
  ...config,
  projects: [{ ...project, displayName: 'more', testMatch: ['<rootDir>/test/**/*.more.spec.ts'] }],
  reporters: reporters([]),
};
