import type { Config } from 'jest';

/** What every project of the tests has. */
export const project = {
  testEnvironment: '<rootDir>/test/support/patient-environment.ts',
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        jsc: {
          parser: { syntax: 'typescript' },
          target: 'es2024',
          experimental: { keepImportAttributes: true },
        },
        module: { type: 'es6' },
      },
    ],
  },
  globalSetup: '<rootDir>/test/support/set-up.ts',
  // The source of an earlier commit is there.
  modulePathIgnorePatterns: ['<rootDir>/.cache/'],
} satisfies Config;

/** Where specs are. */
export const specs = '{bench,lambdas,lib,schema,tools,test}/**/*.spec.ts';

/** Specs that take long or need more than `npm ci` installs. `jest.more.config.ts` runs them and DynamoDB Local's (`.aws`), `jest.jaeger.config.ts` Jaeger's. */
export const longSpecs = /\.(aws|jaeger|more)\.spec\.ts$/;

/** The reporters of a run. `lines`: what its configuration leaves out. */
export const reporters = (lines: readonly string[]): NonNullable<Config['reporters']> => [
  'default',
  ['<rootDir>/test/support/loud-reporter.ts', { lines }],
  '<rootDir>/test/support/personal-data-reporter.ts',
  '<rootDir>/test/support/closing-line-reporter.ts',
];

/** The specs that a developer needs to trust a change: `npm test`. */
const config: Config = {
  projects: [
    {
      ...project,
      displayName: 'streamfold',
      testMatch: [`<rootDir>/${specs}`],
      testPathIgnorePatterns: ['/node_modules/', longSpecs.source],
    },
  ],
  // Tests start engines, so more workers than cores make them slower.
  maxWorkers: 2,
  testTimeout: 60_000,
  // Half a second, the default, is too short on a busy machine. A worker that a spec left something open in is still reported.
  workerGracefulExitTimeout: 20_000,
  reporters: reporters([]),
};

export default config;
