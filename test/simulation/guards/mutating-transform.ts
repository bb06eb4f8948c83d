import { createTransformer } from '@swc/jest';
import { withoutGuard } from './guard.ts';
import { namedGuard } from './named-guard.ts';

const { guard, path: mutated } = namedGuard();
const swc = createTransformer({
  jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
  module: { type: 'es6' },
});

type Transform = NonNullable<typeof swc.process>;
const sourceFor = (source: string, path: string) => (path === mutated ? withoutGuard(guard, source) : source);

/** Transforms sources for Jest, with the named guard removed. Nothing is kept for a later run. */
export default {
  process: (...[source, path, options]: Parameters<Transform>) =>
    swc.process?.(sourceFor(source, path), path, options),
  processAsync: (...[source, path, options]: Parameters<Transform>) =>
    swc.processAsync?.(sourceFor(source, path), path, options),
  getCacheKey: (...[source, path, options]: Parameters<Transform>) =>
    `${path === mutated ? guard.name : ''}${swc.getCacheKey?.(source, path, options) ?? path}`,
};
