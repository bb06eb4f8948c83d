import { rowErasures } from '../../http/erasures.ts';
import { type ContextTypes, defineContext } from '../../kernel/index.ts';
import { contextModule, type RouteDependencies } from '../context-module.ts';
import { dispenseAnswer, dispenses } from './api/answers.ts';
import { dispenseExport } from './api/export.ts';
import { dispenseRoutes } from './api/routes.ts';
import { s3Client } from './documents/s3-client.ts';
import { S3DocumentStore } from './documents/s3-document-store.ts';
import { dispense } from './domain/dispense.ts';
import { dispenseEvents } from './domain/events.ts';
import { dispenseProjection } from './read-model/projection.ts';

/** The definition of dispenses, for the kernel. */
export const dispenseContext = defineContext({
  decider: dispense,
  events: dispenseEvents,
  answer: dispenseAnswer,
  projection: dispenseProjection,
});

/** The definition with its routes, for the API. It is marked as pure, so the bundles of automations omit the routes. */
export default /* @__PURE__ */ contextModule(
  dispenseContext,
  (side) => dispenseRoutes({ ...side, documents: documentsOf(side) }),
  {
    exported: (side) => dispenseExport({ ...side, documents: documentsOf(side) }),
    erasures: (side) => rowErasures(dispenses, side),
  },
);

function documentsOf({ env, setting }: Pick<RouteDependencies<ContextTypes>, 'env' | 'setting'>) {
  return new S3DocumentStore(s3Client(env), setting('DOCUMENT_BUCKET'));
}
