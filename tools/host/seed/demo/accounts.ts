import type { Caller } from './caller.ts';

/** An account, and what happens to it: amounts above 0 are credits, others are debits. */
interface Account {
  readonly name: string;
  readonly currency: string;
  readonly overdraftLimit?: number;
  readonly amounts: readonly number[];
}

const till: Account = {
  name: 'Till of the shop',
  currency: 'EUR',
  amounts: [250, 84.9, 129.5, -60, 210.4, 96.2, -300, 178.3],
};
const bank: Account = {
  name: 'Bank account of the shop',
  currency: 'EUR',
  amounts: [4_800, -1_150, -89.9, -312.45, 1_930.75],
};
const dollars: Account = { name: 'Suppliers overseas', currency: 'USD', amounts: [2_500, -740.2, -18.35] };
const yen: Account = { name: 'Trade fair in Osaka', currency: 'JPY', amounts: [320_000, -48_500, -112_000] };
const overdrawn: Account = {
  name: 'Workshop',
  currency: 'EUR',
  overdraftLimit: 400,
  amounts: [120, -75.5, -210],
};
const closed: Account = { name: 'Savings for the new oven', currency: 'EUR', amounts: [600, 450] };

/** Accounts in three currencies, with transfers between them, one overdrawn, and one that is closed. Returns the id of the till. */
export async function makeAccounts(caller: Caller): Promise<string> {
  const ids: string[] = [];
  for (const account of [till, bank, dollars, yen, overdrawn, closed]) {
    ids.push(await makeAccount(caller, account));
  }
  const [shop = '', main = '', , , workshop = '', savings = ''] = ids;
  const transfer = (name: string, from: string, to: string, amount: number) =>
    caller.post(name, `/ledger/${from}/transfers`, { to, amount });
  await transfer('bank-the-takings', shop, main, 350);
  await transfer('lend-to-the-workshop', main, workshop, 40);
  await transfer('use-the-savings', savings, main, 1_050);
  await caller.post('close-the-savings', `/ledger/${savings}/close`);
  return shop;
}

/** One account with one credit. */
export async function makeSmallAccount(caller: Caller, name: string): Promise<string> {
  return makeAccount(caller, { name, currency: 'EUR', amounts: [75] });
}

async function makeAccount(caller: Caller, { name, currency, overdraftLimit, amounts }: Account) {
  const key = name.toLowerCase().replaceAll(' ', '-');
  const id = await caller.post(`open-${key}`, '/ledger', {
    name,
    currency,
    ...(overdraftLimit !== undefined && { overdraftLimit }),
  });
  // One after the other: a debit needs the credits before it.
  for (const [at, amount] of amounts.entries()) {
    const step = amount > 0 ? 'credits' : 'debits';
    await caller.post(`${key}-${at}`, `/ledger/${id}/${step}`, { amount: Math.abs(amount) });
  }
  return id;
}
