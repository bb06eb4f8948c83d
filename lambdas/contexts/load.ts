import type { ContextName } from '../../schema/contexts.ts';
import type { AnyContext } from './context-module.ts';

/**
 * The context of this name in the catalogue. The bundler includes the file of every context that the path can mean: a new
 * folder needs no import anywhere.
 */
export async function loadContext(name: ContextName): Promise<AnyContext> {
  return (await import(`./${name}/context.ts`)).default;
}
