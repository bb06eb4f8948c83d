import type { Config } from 'jest';

const config: Config = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{lambdas,lib,local,emulator,build,test}/**/*.spec.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { jsc: { parser: { syntax: 'typescript' }, target: 'es2024' }, module: { type: 'es6' } },
    ],
  },
  // Tests start real engines: more workers than cores only make them slower.
  maxWorkers: 2,
  testTimeout: 30_000,
  globalSetup: '<rootDir>/test/support/logs-folder.ts',
  reporters: [
    'default',
    '<rootDir>/test/support/loud-reporter.ts',
    '<rootDir>/test/support/personal-data-reporter.ts',
    '<rootDir>/test/support/closing-line-reporter.ts',
  ],
};

export default config;
