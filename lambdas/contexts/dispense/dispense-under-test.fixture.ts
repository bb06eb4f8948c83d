import type { Logger } from '@aws-lambda-powertools/logger';
import type { ListOf } from '../../../schema/contexts.ts';
import type { TestRequest } from '../../http/testing.ts';
import type { ReadModel } from '../../kernel/index.ts';
import { contextModule } from '../context-module.ts';
import { contextUnderTest } from '../context-under-test.fixture.ts';
import type { DispenseCommandSide } from './api/commands.ts';
import { dispenseRoutes } from './api/routes.ts';
import { dispenseContext } from './context.ts';
import { MemoryDocumentStore } from './documents/memory-document-store.ts';
import { at } from './domain/dispense.fixture.ts';
import type { DispenseRow } from './read-model/projection.ts';

export type DispenseUnderTest = ReturnType<typeof dispenseUnderTest>;

interface UnderTestOptions {
  readonly readModel?: ReadModel<DispenseRow, never, ListOf<'dispense'>>;
  readonly logger?: Logger;
  readonly persons?: DispenseCommandSide['persons'];
}

/** Dispenses and their documents, called through their routes. It is noon. Default: a read model in memory. */
export function dispenseUnderTest({ persons, ...options }: UnderTestOptions = {}) {
  const documents = new MemoryDocumentStore();
  const context = contextModule(dispenseContext, (side) =>
    dispenseRoutes({ ...side, ...(persons && { persons }), documents }),
  );
  const api = contextUnderTest(context, { now: at(0), ...options });
  const send =
    (method: 'PUT' | 'POST', step: string) =>
    (id: string, document: Buffer, headers: TestRequest['headers'] = {}) =>
      api.call(method, `/dispenses/${id}/${step}`, {
        headers: { 'content-type': 'application/octet-stream', ...headers },
        body: document.toString('base64'),
        isBase64Encoded: true,
      });
  return {
    ...api,
    documents,
    /** Uploads a document in base64, as API Gateway does for binary content. */
    upload: send('PUT', 'prescription'),
    /** Uploads a further page in the same way. */
    addPage: send('POST', 'prescription/pages'),
    /** Starts a dispense and returns its id. */
    start: () => api.create('/dispenses'),
  };
}
