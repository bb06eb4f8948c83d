import type { Listing } from './projection.ts';
import { defaultTenant, tenantOfKey, tenantOfStream } from './stream-name.ts';

/** How a projection's rows are named and which of its lists all tenants share. */
export type TenantListing = Pick<Listing<never, never>, 'rowIds' | 'sharedLists'>;

/** The tenant that a row belongs to. */
export function tenantOfRow({ rowIds = 'keys' }: TenantListing, rowId: string): string {
  return rowIds === 'keys' ? tenantOfKey(rowId) : tenantOfStream(rowId);
}

/**
 * Where an entry of a list is: in the list of its tenant, or in the default tenant's if the list is shared. There, keys of other
 * tenants end with a slash and the tenant. Keys end with an id, and no id has a slash, so they stay unique.
 */
export function placeInList(
  listing: TenantListing,
  list: string,
  { rowId, key }: { readonly rowId: string; readonly key: string },
): { readonly tenant: string; readonly key: string } {
  const tenant = tenantOfRow(listing, rowId);
  if (tenant === defaultTenant || !listing.sharedLists?.includes(list)) return { tenant, key };
  return { tenant: defaultTenant, key: `${key}/${tenant}` };
}
