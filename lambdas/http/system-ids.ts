import { categoryOfStream } from '../kernel/index.ts';

/**
 * The categories about persons whose ids only the system makes. A caller may put the name of a person where such an id belongs: that text is
 * not logged, not audited and not looked up.
 */
const categories: ReadonlySet<string> = new Set(['dispense', 'person']);

/** The ids that the system makes: UUIDs in lower case. */
export const systemIdPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether only the system makes the ids of the category. */
export function hasSystemIds(category: string): boolean {
  return categories.has(category);
}

/** False for a stream that cannot exist, because the system makes no such id. `stream`: without tenant. */
export function canExist(stream: string): boolean {
  const category = categoryOfStream(stream);
  return !hasSystemIds(category) || systemIdPattern.test(stream.slice(category.length + 1));
}
