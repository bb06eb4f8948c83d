import type { Config } from 'jest';
import { specsOnDynamoDB, whyLeftOut } from './test/dynamodb-local/project.ts';

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
  globalSetup: '<rootDir>/test/support/logs-folder.ts',
  // The source of an earlier commit is there.
  modulePathIgnorePatterns: ['<rootDir>/.cache/'],
} satisfies Config;

const onDynamoDBLocal = {
  ...project,
  displayName: 'dynamodb-local',
  testMatch: specsOnDynamoDB().map((path) => `<rootDir>/${path}`),
  globals: { testEngine: 'dynamodb-local' },
};

const leftOut = whyLeftOut();

/** The reporters of a run. `lines`: what its configuration leaves out. */
export const reporters = (lines: readonly string[]): NonNullable<Config['reporters']> => [
  'default',
  ['<rootDir>/test/support/loud-reporter.ts', { lines }],
  '<rootDir>/test/support/personal-data-reporter.ts',
  '<rootDir>/test/support/closing-line-reporter.ts',
];

const config: Config = {
  projects: [
    {
      ...project,
      displayName: 'streamfold',
      testMatch: ['<rootDir>/{bench,lambdas,lib,schema,tools,test}/**/*.spec.ts'],
      // The project below runs the specs that need DynamoDB Local, and `jest.more.config.ts` the slowest.
      testPathIgnorePatterns: ['/node_modules/', '\\.(aws|more)\\.spec\\.ts$'],
    },
    ...(leftOut === undefined ? [onDynamoDBLocal] : []),
  ],
  // Tests start engines, so more workers than cores make them slower.
  maxWorkers: 2,
  testTimeout: 60_000,
  reporters: reporters(leftOut === undefined ? [] : [leftOut]),
};

export default config;
