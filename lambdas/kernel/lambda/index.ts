export { reportLogChanges } from './log-changes.ts';
export { projectBatch } from './project-batch.ts';
export { projectMessages } from './project-messages.ts';
export { publishBatch, publishedProgress, publisherName } from './publish-batch.ts';
