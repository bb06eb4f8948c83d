export { parkedFor, publisherName } from './deliver.ts';
export { drainWaiting, waitingMaxDays } from './drain-waiting.ts';
export { reportLogChanges } from './log-changes.ts';
export { type ProjectedRecords, projectBatch } from './project-batch.ts';
export { projectMessages } from './project-messages.ts';
export { publishBatch } from './publish-batch.ts';
export { publishedProgress } from './published-progress.ts';
export { republishParked } from './republish-parked.ts';
