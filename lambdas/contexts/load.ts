import type { ContextName } from '../../schema/contexts.ts';
import type { Projection } from '../kernel/index.ts';
import type { AnyContext } from './context-module.ts';

/**
 * The context of this name in the catalogue. The bundler includes the file of every context that the path can mean: a new
 * folder needs no import anywhere.
 */
export async function loadContext(name: ContextName): Promise<AnyContext> {
  return (await import(`./${name}/context.ts`)).default;
}

/** The projection of this context. A projector that loads it bundles no routes. */
// biome-ignore lint/suspicious/noExplicitAny: a projection's types agree among themselves; nobody else needs them.
export async function loadProjection(name: ContextName): Promise<Projection<any, any, any>> {
  return (await import(`./${name}/read-model/projection.ts`)).default;
}
