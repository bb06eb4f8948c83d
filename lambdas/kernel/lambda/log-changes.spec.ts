import { describe, expect, it } from '@jest/globals';
import type { DynamoDBRecord } from 'aws-lambda';
import { countingObserver } from '../testing/counting-observer.fixture.ts';
import { publisherSources } from '../testing/destinations.fixture.ts';
import { reportLogChanges } from './log-changes.ts';
import { publishBatch } from './publish-batch.ts';

const keys = { partitionKey: 'stream', sortKey: 'version' };

const record = (eventName: DynamoDBRecord['eventName'], more: object = {}): DynamoDBRecord => ({
  ...(eventName && { eventName }),
  dynamodb: {
    ApproximateCreationDateTime: Date.UTC(2026, 4, 1) / 1_000,
    SequenceNumber: '7',
    Keys: { stream: { S: 'ledger/a' }, version: { N: '3' } },
    NewImage: { stream: { S: 'ledger/a' }, answer: { S: 'secret' } },
  },
  ...more,
});

describe('records of the log’s stream that are no appends', () => {
  it('are counted, and reported with their place and without content', () => {
    const { observer, counts } = countingObserver();
    const lines: object[] = [];
    const reporting = {
      keys,
      observer: { ...observer, warn: (_: string, details: object) => lines.push(details) },
    };
    const records = [
      record('INSERT'),
      record('MODIFY'),
      record('REMOVE', { userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' } }),
      record(undefined, { dynamodb: undefined }),
    ];
    expect(reportLogChanges(records, reporting)).toBe(3);
    expect(counts).toEqual({ LogChanged: 3 });
    const place = { stream: 'ledger/a', version: 3, changedAt: '2026-05-01T00:00:00.000Z' };
    expect(lines.slice(0, 2)).toEqual([
      { ...place, eventName: 'MODIFY' },
      {
        ...place,
        eventName: 'REMOVE',
        userIdentity: { type: 'Service', principalId: 'dynamodb.amazonaws.com' },
      },
    ]);
    expect(JSON.stringify(lines)).not.toContain('secret');
  });

  it('are not counted if there are none', () => {
    const { observer, counts } = countingObserver();
    expect(reportLogChanges([record('INSERT')], { keys, observer })).toBe(0);
    expect(counts).toEqual({});
  });

  it('are never published', async () => {
    const { dependencies, destination, fake } = publisherSources(new Set(['Test:Happened']));
    const sources = { ...dependencies, destinations: [destination], keys };
    const { response, published } = await publishBatch([record('MODIFY'), record('REMOVE')], sources);
    expect(published).toEqual([]);
    expect(fake.accepted).toEqual([]);
    expect(response.batchItemFailures).toEqual([]);
  });
});
