import { type StreamName, tenantOfStream } from '../../../kernel/index.ts';
import type { PersonLinks } from '../../person-index.ts';
import type { IndexTransaction } from './index-transaction.ts';
import {
  type ErasedStream,
  entryKey,
  linkKey,
  type Macs,
  personEntryKey,
  personKey,
  personStreamKey,
  type StoredEntry,
  type StoredLink,
  type StoredPerson,
} from './stored-items.ts';

export type Link = Parameters<PersonLinks['link']>[0];
type Linked = Awaited<ReturnType<PersonLinks['link']>>;

/** Maximum number of persons that are the same, one as the other. Each needs a race of two first dispenses. */
const sameMax = 20;

/**
 * Links a stream. The entry decides who the person is: if it belongs to somebody already, the stream becomes theirs. Two first
 * dispenses of one person at the same time get two ids. The one that comes second here has no other stream, and becomes `sameAs`.
 */
export async function linkIn(transaction: IndexTransaction, link: Link): Promise<Linked> {
  const { tenant, stream, version } = link;
  const linked = await transaction.read<StoredLink | ErasedStream>(linkKey(stream));
  if (linked !== undefined && 'erased' in linked) return { outcome: 'gone', personId: link.personId };
  const owner = await ownerOf(transaction, link);
  const named = owner ?? (link.entry ? link.personId : await sameAs(transaction, tenant, link.personId));
  // Also of those that the stream is linked to, or names.
  for (const personId of [linked?.personId, link.personId, named])
    if (personId !== undefined && (await isErased(transaction, tenant, personId)))
      return { outcome: 'erased', personId };
  if (linked !== undefined && linked.version >= version)
    return { outcome: 'linked', personId: linked.personId };

  if (linked !== undefined) await releaseIn(transaction, stream, linked);
  if (owner !== undefined && owner !== link.personId) await becomeSame(transaction, link, owner);
  await addStream(transaction, link, named);
  return { outcome: 'linked', personId: named };
}

/** Removes the link of a stream from its person. The item of the link itself stays as it is. */
export async function releaseIn(
  transaction: IndexTransaction,
  stream: StreamName,
  { personId, entry }: StoredLink,
): Promise<void> {
  const tenant = tenantOfStream(stream);
  const person = await storedPerson(transaction, tenant, personId);
  await transaction.set(personStreamKey(tenant, personId, stream), undefined);
  await transaction.set(personKey(tenant, personId), { ...person, streams: person.streams - 1 });
  if (entry === undefined) return;
  const key = entryKey(tenant, entry);
  const stored = await transaction.read<StoredEntry>(key);
  // The entry is of somebody else if the person is erased, and was added again.
  if (stored?.personId !== personId) return;
  const isLast = stored.streams === 1;
  await transaction.set(key, isLast ? undefined : { ...stored, streams: stored.streams - 1 });
  if (isLast) await transaction.set(personEntryKey(tenant, personId, entry), undefined);
}

async function addStream(
  transaction: IndexTransaction,
  { tenant, stream, version, entry }: Link,
  personId: string,
): Promise<void> {
  const person = await storedPerson(transaction, tenant, personId);
  // Whoever has a stream is a person of their own, also if they were the same as another before.
  await transaction.set(personKey(tenant, personId), { streams: person.streams + 1 });
  await transaction.set(personStreamKey(tenant, personId, stream), {});
  const macs: Macs | undefined = entry && { identifierMac: entry.identifierMac, birthMac: entry.birthMac };
  await transaction.set(linkKey(stream), { personId, version, ...(macs && { entry: macs }) });
  if (macs === undefined) return;
  const stored = await transaction.read<StoredEntry>(entryKey(tenant, macs));
  const streams = stored?.personId === personId ? stored.streams + 1 : 1;
  await transaction.set(entryKey(tenant, macs), { personId, streams });
  await transaction.set(personEntryKey(tenant, personId, macs), macs);
}

/** The person that has the entry. Undefined: nobody, or one who is erased, and loses it. */
async function ownerOf(transaction: IndexTransaction, { tenant, entry }: Link): Promise<string | undefined> {
  if (entry === undefined) return undefined;
  const stored = await transaction.read<StoredEntry>(entryKey(tenant, entry));
  if (stored === undefined || (await isErased(transaction, tenant, stored.personId))) return undefined;
  return stored.personId;
}

/** One who has other streams stays a person: then only this stream was given to the wrong one. */
async function becomeSame(
  transaction: IndexTransaction,
  { tenant, personId }: Link,
  sameAs: string,
): Promise<void> {
  const person = await storedPerson(transaction, tenant, personId);
  if (person.streams === 0) await transaction.set(personKey(tenant, personId), { ...person, sameAs });
}

/** The person with this id, or the one that it is the same as. */
async function sameAs(transaction: IndexTransaction, tenant: string, personId: string): Promise<string> {
  let id = personId;
  for (let count = 0; count < sameMax; count += 1) {
    const person = await storedPerson(transaction, tenant, id);
    if (person.sameAs === undefined || person.erasedAt !== undefined) return id;
    id = person.sameAs;
  }
  throw new Error(`More than ${sameMax} persons are the same.`);
}

async function isErased(transaction: IndexTransaction, tenant: string, personId: string): Promise<boolean> {
  return (await storedPerson(transaction, tenant, personId)).erasedAt !== undefined;
}

async function storedPerson(
  transaction: IndexTransaction,
  tenant: string,
  personId: string,
): Promise<StoredPerson> {
  return (await transaction.read<StoredPerson>(personKey(tenant, personId))) ?? { streams: 0 };
}
