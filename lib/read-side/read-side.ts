import type { Construct } from 'constructs';
import { type ContextName, contextNames, contexts, recordOf } from '../../schema/contexts.ts';
import { constructName } from '../../schema/names.ts';
import { Projector, type ProjectorProps } from './projector.ts';
import { ReadModel } from './read-model.ts';

/** The read model of every context in the catalogue. */
export type ReadModels = Readonly<Record<ContextName, ReadModel>>;

/** The projector of every context in the catalogue. */
export type Projectors = Readonly<Record<ContextName, Projector>>;

/** Adds a table with its lists for each context: `LedgerReadModel` and so on. */
export function addReadModels(scope: Construct, props: { readonly protectData: boolean }): ReadModels {
  return recordOf(
    contextNames,
    (name) => new ReadModel(scope, `${constructName(name)}ReadModel`, { ...props, ...contexts[name] }),
  );
}

/** Adds the function that fills each read model, with its event source: `LedgerProjector` and so on. */
export function addProjectors(
  scope: Construct,
  {
    readModels,
    ...shared
  }: Omit<ProjectorProps, 'context' | 'readModel'> & { readonly readModels: ReadModels },
): Projectors {
  return recordOf(
    contextNames,
    (context) =>
      new Projector(scope, `${constructName(context)}Projector`, {
        ...shared,
        context,
        readModel: readModels[context],
      }),
  );
}
