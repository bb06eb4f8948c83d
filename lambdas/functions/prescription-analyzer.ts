import { join } from 'node:path';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { queueUrlVariable } from '../../schema/names.ts';
import { analyzeUploads } from '../contexts/dispense/automations/analysis/analyze-uploads.ts';
import { BedrockAnalyzer } from '../contexts/dispense/automations/analysis/bedrock/bedrock-analyzer.ts';
import { bedrockClient } from '../contexts/dispense/automations/analysis/bedrock/bedrock-client.ts';
import { EmbeddedAnalyzer } from '../contexts/dispense/automations/analysis/embedded/embedded-analyzer.ts';
import type { PrescriptionAnalyzer } from '../contexts/dispense/automations/analysis/prescription-analyzer.ts';
import { SqsAnalysisQueue } from '../contexts/dispense/automations/analysis/sqs-analysis-queue.ts';
import { SqsFindings } from '../contexts/dispense/automations/analysis/sqs-findings.ts';
import { s3Client } from '../contexts/dispense/documents/s3-client.ts';
import { S3DocumentStore } from '../contexts/dispense/documents/s3-document-store.ts';
import { eventLog, subjectKeys } from '../runtime/adapters.ts';
import { sqsClient } from '../runtime/clients.ts';
import { requireEnv } from '../runtime/environment.ts';
import { functionRuntime } from '../runtime/function-runtime.ts';
import { nodeEffects } from '../runtime/node-effects.ts';

const { env } = process;
const runtime = functionRuntime(env);
const { logger, observer, platform } = runtime;
// Two attempts are enough, because an upload that is not analyzed now is analyzed later.
const sqs = sqsClient({ maxAttempts: 2 });
const dependencies = {
  log: eventLog(platform, observer),
  keys: subjectKeys(platform),
  observer,
  documents: new S3DocumentStore(s3Client(env), requireEnv(env, 'DOCUMENT_BUCKET')),
  effects: nodeEffects,
  analyzer: configuredAnalyzer(),
  findings: new SqsFindings(sqs, requireEnv(env, queueUrlVariable('findings'))),
  queue: new SqsAnalysisQueue(sqs, requireEnv(env, queueUrlVariable('analysis'))),
};

/** The analyzer that `ANALYZER` names: `embedded`, or `bedrock` with the model in `BEDROCK_MODEL_ID`. */
function configuredAnalyzer(): PrescriptionAnalyzer {
  const name = requireEnv(env, 'ANALYZER');
  switch (name) {
    case 'embedded':
      return new EmbeddedAnalyzer({
        readersFolder: join(import.meta.dirname, 'readers'),
        nodePath: process.execPath,
        librariesPath: env['LD_LIBRARY_PATH'],
      });
    case 'bedrock':
      return new BedrockAnalyzer({ client: bedrockClient(), modelId: requireEnv(env, 'BEDROCK_MODEL_ID') });
    default:
      throw new Error(`The environment variable ANALYZER is "${name}"; it must be "embedded" or "bedrock".`);
  }
}

/** Analyzes uploaded prescriptions and sends the findings to the recorder. */
async function analyze({ Records }: SQSEvent): Promise<SQSBatchResponse> {
  const { response, ...counts } = await analyzeUploads(Records, dependencies);
  const failed = response.batchItemFailures.length;
  logger.info('Analyzed uploaded prescriptions', { ...counts, failed });
  return response;
}

export const handler = runtime.handler(analyze);
