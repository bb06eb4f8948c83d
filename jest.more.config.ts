import config, { project, reporters } from './jest.config.ts';
import { specsOnDynamoDB, whyLeftOut } from './test/dynamodb-local/project.ts';

const leftOut = whyLeftOut();

const onDynamoDBLocal = {
  ...project,
  displayName: 'dynamodb-local',
  testMatch: specsOnDynamoDB().map((path) => `<rootDir>/${path}`),
  globals: { testEngine: 'dynamodb-local' },
};

/** The specs that take minutes, and those of the stored data again on AWS's own engine: `npm run test:more`. */
export default {
  ...config,
  projects: [
    {
      ...project,
      displayName: 'more',
      testMatch: ['<rootDir>/{bench,lambdas,lib,schema,tools,test}/**/*.more.spec.ts'],
    },
    ...(leftOut === undefined ? [onDynamoDBLocal] : []),
  ],
  reporters: reporters(leftOut === undefined ? [] : [leftOut]),
};
