export { type ProjectedRecords, projectBatch } from './project-batch.ts';
export { projectMessages } from './project-messages.ts';
export { publishBatch, publishedProgress, publisherName } from './publish-batch.ts';
