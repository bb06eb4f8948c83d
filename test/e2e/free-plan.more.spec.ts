import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { type Ministack, startMinistack } from '../../tools/emulator/ministack.ts';
import { aws } from '../support/aws-cli.ts';
import { collectionDeadlineMs, failuresOfRun } from '../support/bruno-collection.ts';
import { type FreePlan, freePlanOf, notInPlan } from '../support/free-plan-proxy.ts';
import { keptLog } from '../support/kept-log.ts';
import { describeWithPython, installDeadlineMs, installedPython } from '../support/python.ts';

const run = promisify(execFile);
const deployDeadlineMs = 300_000;

describeWithPython(
  "the app, deployed to an emulator that refuses API Gateway V2 as LocalStack's free plan does",
  () => {
    const log = keptLog();
    let python: string;
    let ministack: Ministack;
    let plan: FreePlan;
    let printed: string;

    beforeAll(async () => {
      python = await installedPython();
      ministack = await startMinistack({ port: 0, python, onOutput: log });
      plan = await freePlanOf(ministack.endpoint);
      printed = await deployLocal(plan.endpoint);
    }, installDeadlineMs + deployDeadlineMs);
    afterAll(async () => {
      plan?.stop();
      await ministack?.stop();
    });

    it('says why it has no HTTP API, and prints only commands that work', () => {
      expect(plan.refused()).toBe(1);
      expect(printed).toContain(
        `refuses API Gateway V2: "${notInPlan}". So streamfold-local is deployed without an HTTP API`,
      );
      expect(printed).toContain(`streamfold-local runs on LocalStack at ${plan.endpoint}`);
      expect(printed).toContain('It has no HTTP API.');
      expect(printed).not.toMatch(/This removes|baseUrl|execute-api\/|undefined/);
    });

    it(
      'answers the whole request collection by direct invocation',
      async () => {
        const variables = { invoke: 'direct', baseUrl: 'http://localhost:1', awsUrl: plan.endpoint };
        expect(await failuresOfRun({ environment: 'emulator', variables, sandbox: 'developer' })).toEqual([]);
        expect(await httpApis()).toEqual([]);
      },
      collectionDeadlineMs + 10_000,
    );

    it(
      'gets an HTTP API where API Gateway V2 answers, and says so when the next deployment removes it',
      async () => {
        const withApi = await deployLocal(ministack.endpoint);
        expect(withApi).toContain('/_aws/execute-api/');
        expect(withApi).not.toMatch(/refuses API Gateway V2|This removes/);
        expect(await httpApis()).toHaveLength(1);

        const withoutApi = await deployLocal(plan.endpoint);
        expect(withoutApi).toMatch(
          /This removes the HTTP API that streamfold-local has now \(https?:[^)]*\), with its routes/,
        );
        expect(await httpApis()).toEqual([]);
      },
      2 * deployDeadlineMs,
    );

    async function httpApis(): Promise<unknown[]> {
      return JSON.parse(await aws(ministack.endpoint, python, 'apigatewayv2', 'get-apis')).Items;
    }
  },
);

/** Runs the command behind `npm run deploy:local`, and returns everything that it prints. */
async function deployLocal(endpoint: string): Promise<string> {
  const command = ['tools/emulator/main.ts', 'deploy', '--endpoint', endpoint];
  const options = { timeout: deployDeadlineMs, maxBuffer: 10_000_000 };
  const { stdout, stderr } = await run(process.execPath, command, options);
  return `${stdout}\n${stderr}`;
}
