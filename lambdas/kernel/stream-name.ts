/*
 * The names of streams, with their tenants. Every stream belongs to one tenant: `category/id` to the default tenant, so that
 * names of before stay valid, and `category/tenant/id` to any other. No id contains a slash, so a name has one reading.
 *
 * The key of a stream is its name within the category: `id` or `tenant/id`. Command handlers and read models take keys.
 */

/** The name of a stream: `category/id`, or `category/tenant/id`. */
export type StreamName = `${string}/${string}`;

/** The tenant of streams whose names have no tenant. */
export const defaultTenant = 'default';

const id = '[A-Za-z0-9][A-Za-z0-9_-]{0,63}';
const tenant = '[a-z0-9][a-z0-9-]{0,62}';
const category = '[a-z][a-z0-9-]*';

/** An id within a category and a tenant: a letter or digit, then at most 63 letters, digits, `_` or `-`. */
export const aggregateIdPattern = new RegExp(`^${id}$`);

/** The name of a tenant: a lower-case letter or digit, then at most 62 lower-case letters, digits or `-`. */
export const tenantPattern = new RegExp(`^${tenant}$`);

/** The name of a stream of any tenant. The default tenant is never in a name, so a stream has one name. */
export const streamPattern = new RegExp(`^${category}/(?:(?!${defaultTenant}/)${tenant}/)?${id}$`);

/** The name of a stream without its tenant, as callers see it: `category/id`. */
export const plainStreamPattern = new RegExp(`^${category}/${id}$`);

/** The name of a stream. Neither part is validated. `key`: from {@link streamKey}. */
export function streamName(category: string, key: string): StreamName {
  return `${category}/${key}`;
}

/** The key of a tenant's stream in its category. Neither part is validated. */
export function streamKey(tenant: string, id: string): string {
  return tenant === defaultTenant ? id : `${tenant}/${id}`;
}

/** The tenant of a key. */
export function tenantOfKey(key: string): string {
  const end = key.indexOf('/');
  return end === -1 ? defaultTenant : key.slice(0, end);
}

/** The id in a key, or in the name of a stream: the part after the last slash. */
export function idOfKey(key: string): string {
  return key.slice(key.lastIndexOf('/') + 1);
}

/** The id of a stream, without its tenant: the part after the last slash. */
export function idOfStream(stream: string): string {
  return idOfKey(stream);
}

/** The key of a stream in its category: the part after the first slash. */
export function keyOfStream(stream: string): string {
  return stream.slice(stream.indexOf('/') + 1);
}

/** The category of a stream: the part before the first slash. */
export function categoryOfStream(stream: string): string {
  return stream.slice(0, stream.indexOf('/'));
}

/** The tenant of a stream. */
export function tenantOfStream(stream: string): string {
  return tenantOfKey(keyOfStream(stream));
}

/** The name of a stream without its tenant, as callers see it: `category/id`. */
export function plainStreamName(stream: string): StreamName {
  return streamName(categoryOfStream(stream), idOfStream(stream));
}

/** The name of the stream that a tenant knows by a plain name. Throws for a name that is not plain. */
export function streamOfTenant(tenant: string, plain: string): StreamName {
  if (!plainStreamPattern.test(plain)) throw new RangeError('This is not the name of a stream of a caller.');
  return streamName(categoryOfStream(plain), streamKey(tenant, idOfStream(plain)));
}

/** The key of the stream that a tenant knows by an id. Throws for text that is not an id. */
export function keyOfTenant(tenant: string, id: string): string {
  if (!aggregateIdPattern.test(id)) throw new RangeError('This is not an id of a caller.');
  return streamKey(tenant, id);
}
