import type { ContextName } from '../../schema/contexts.ts';
import type { AnyContext } from './context-module.ts';

/**
 * The context with this name in the catalogue. The bundler includes every file that matches the path, so a new folder needs
 * no import.
 */
export async function loadContext(name: ContextName): Promise<AnyContext> {
  return (await import(`./${name}/context.ts`)).default;
}
