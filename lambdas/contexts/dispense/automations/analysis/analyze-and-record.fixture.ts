import type { SQSRecord } from 'aws-lambda';
import { type AnalyzeUploadsDependencies, analyzeUploads } from './analyze-uploads.ts';
import { type RecordFindingsDependencies, recordFindings } from './record-findings.ts';

type Dependencies = Omit<AnalyzeUploadsDependencies, 'findings'> &
  Partial<Pick<AnalyzeUploadsDependencies, 'findings'>> &
  RecordFindingsDependencies;

/** Delivers messages to the analyzer, and each of its findings to the recorder. `recorded`: what the recorder returns. */
export async function analyzeAndRecord(records: readonly SQSRecord[], dependencies: Dependencies) {
  const sent: string[] = [];
  const findings = { send: async (message: string) => void sent.push(message) };
  const analyzed = await analyzeUploads(records, { findings, ...dependencies });
  const recorded = await recordFindings(findingRecords(sent), dependencies);
  return { ...analyzed, recorded };
}

/** The messages as SQS delivers them: `f0`, `f1` and so on. */
export function findingRecords(messages: readonly string[]): SQSRecord[] {
  return messages.map((body, index) => ({ messageId: `f${index}`, body }) as SQSRecord);
}
