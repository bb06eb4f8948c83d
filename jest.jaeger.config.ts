import config, { project, reporters } from './jest.config.ts';

/** The specs that need Jaeger, which is built with Go: `npm run test:jaeger`. No other run includes them. */
export default {
  ...config,
  projects: [{ ...project, displayName: 'jaeger', testMatch: ['<rootDir>/test/**/*.jaeger.spec.ts'] }],
  reporters: reporters([]),
};
