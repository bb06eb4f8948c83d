import type { SQSRecord } from 'aws-lambda';
import { type AnalyzeUploadsDependencies, analyzeUploads } from './analyze-uploads.ts';
import { type RecordFindingsDependencies, recordFindings } from './record-findings.ts';

type Given = 'findings' | 'queue' | 'effects';
type Dependencies = Omit<AnalyzeUploadsDependencies, Given> &
  Partial<Pick<AnalyzeUploadsDependencies, Given>> &
  RecordFindingsDependencies;

/** Delivers messages to the analyzer, and each of its findings to the recorder. `recorded`: what the recorder returns. */
export async function analyzeAndRecord(records: readonly SQSRecord[], dependencies: Dependencies) {
  const sent: SentMessage[] = [];
  const findings = {
    send: async (body: string, traceparent?: string) => void sent.push({ body, traceparent }),
  };
  const queue = {
    sendAgain: async () => {
      throw new Error('No fault is expected, so nothing is sent again.');
    },
  };
  const effects = { timeLimit: () => new AbortController().signal };
  const analyzed = await analyzeUploads(records, { findings, queue, effects, ...dependencies });
  const recorded = await recordFindings(findingRecords(sent), dependencies);
  return { ...analyzed, recorded };
}

interface SentMessage {
  readonly body: string;
  readonly traceparent?: string | undefined;
}

/** The messages as SQS delivers them: `f0`, `f1` and so on. */
export function findingRecords(messages: readonly (string | SentMessage)[]): SQSRecord[] {
  return messages.map((message, index) => {
    const { body, traceparent }: SentMessage = typeof message === 'string' ? { body: message } : message;
    const attribute = { stringValue: traceparent, dataType: 'String' };
    const messageAttributes = traceparent === undefined ? {} : { traceparent: attribute };
    return { messageId: `f${index}`, body, messageAttributes } as unknown as SQSRecord;
  });
}
