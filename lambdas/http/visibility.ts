import { categoryOfStream } from '../kernel/index.ts';
import type { Principal } from './messages.ts';

/**
 * Which streams of one category a caller may see. It is for the routes that show streams of all contexts: the audit trail and
 * TODO. A context that gives no such rule shows its streams to every caller who has the route's scope.
 */
export interface CategoryVisibility {
  readonly category: string;
  /** Whether the caller may see all streams of the category. */
  seesAll(principal: Principal | undefined): boolean;
  /** Whether the caller may see the stream with this id, which need not exist. Asked if `seesAll` is false. */
  sees(principal: Principal | undefined, id: string): Promise<boolean>;
}

/** Which streams of all categories a caller may see. */
export interface Visibility {
  /** Whether the caller may see all streams of this category. */
  seesAll(principal: Principal | undefined, category: string): boolean;
  /** Whether the caller may see this stream, which need not exist. `stream`: without tenant. */
  sees(principal: Principal | undefined, stream: string): Promise<boolean>;
}

/** Joins the rules of categories. */
export function visibilityOf(rules: readonly CategoryVisibility[]): Visibility {
  const ruleOf = new Map(rules.map((rule) => [rule.category, rule]));
  const seesAll: Visibility['seesAll'] = (principal, category) =>
    ruleOf.get(category)?.seesAll(principal) ?? true;
  return {
    seesAll,
    sees: async (principal, stream) => {
      const category = categoryOfStream(stream);
      if (seesAll(principal, category)) return true;
      return (await ruleOf.get(category)?.sees(principal, stream.slice(category.length + 1))) ?? true;
    },
  };
}
