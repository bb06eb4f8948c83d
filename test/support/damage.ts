import { firstGeneration } from '../../lambdas/kernel/index.ts';
import type { ContextName } from '../../schema/contexts.ts';
import { constructName } from '../../schema/names.ts';
import type { InsideHost, Item } from './inside-host.ts';

/** What is stored of a row in the first generation of a read model. `id`: as the read model names it. */
export function storedItems(inside: InsideHost, readModel: ContextName, id: string): Promise<Item[]> {
  return inside.query(tableOf(readModel), 'pk', `${firstGeneration}#${id}`);
}

/** Changes what is stored by hand: sets fields of the items that match, and adds a line that no projector wrote. */
export async function damage(
  inside: InsideHost,
  readModel: ContextName,
  { id, part, fields }: { readonly id: string; readonly part: RegExp; readonly fields: object },
): Promise<void> {
  const items = (await storedItems(inside, readModel, id)).filter(({ sk }) => part.test(sk?.S ?? ''));
  if (items.length === 0) throw new Error(`${readModel} has no such item of ${id}.`);
  for (const item of items) {
    const data = JSON.stringify({ ...JSON.parse(item['data']?.S ?? '{}'), ...fields });
    await inside.put(tableOf(readModel), { ...item, data: { S: data } });
    await inside.put(tableOf(readModel), { ...item, sk: { S: 'line#surplus' }, data: { S: data } });
  }
}

function tableOf(readModel: ContextName): string {
  return `${constructName(readModel)}ReadModel`;
}
