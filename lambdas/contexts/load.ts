import type { ContextName } from '../../schema/contexts.ts';
import type { AnyContext } from './context-module.ts';

/**
 * The context of this name in the catalogue. The bundler resolves the path to every context's file, so that a new
 * folder needs no import elsewhere.
 */
export async function loadContext(name: ContextName): Promise<AnyContext> {
  return (await import(`./${name}/context.ts`)).default;
}
