import type { Api } from './api.ts';
import type { AccountBook } from './books.ts';
import { inLanes } from './lanes.ts';
import { toDecimal } from './money.ts';
import { pagesFor, pagesOf } from './pages.ts';
import { type StatementLine, statementFindings, TransferPairs } from './statement.ts';
import type { CatchUp } from './workload.ts';

/** Accounts looked at at the same time. */
const lanes = 8;
/** Pages of the list of all accounts, at most: it may hold accounts of earlier runs. */
const listPagesMax = 100_000;

type Row = Readonly<Record<string, unknown>>;

/** How many rows of the read model have reached the versions in the books. */
export async function catchUpLedger(api: Api, books: readonly AccountBook[]): Promise<CatchUp> {
  let [current, progress] = [0, 0];
  await inLanes(books, lanes, async (book) => {
    const { status, body } = await api.send({ method: 'GET', path: `/ledger/${book.id}` });
    const version = status === 200 ? Number((body as Row)['version']) : 0;
    if (version >= book.version) current += 1;
    progress += version;
  });
  return { current, total: books.length, progress };
}

/** Compares every row, every statement and the list of accounts with the books; a sentence for each difference. */
export async function verifyLedger(
  api: Api,
  books: readonly AccountBook[],
  onCompared: (done: number, total: number) => void,
): Promise<string[]> {
  const differences: string[] = [];
  const pairs = new TransferPairs();
  let done = 0;
  await inLanes(books, lanes, async (book) => {
    const found = [...book.findings, ...book.orderFindings(), ...(await rowFindings(api, book))];
    const lines = await readStatement(api, book);
    found.push(...(typeof lines === 'string' ? [lines] : statementFindings(book, lines, pairs)));
    differences.push(...found.map((finding) => `Account ${book.id}: ${finding}.`));
    done += 1;
    onCompared(done, books.length);
  });
  differences.push(...pairs.findings().map((finding) => `Transfers: ${finding}.`));
  differences.push(...(await listFindings(api, books)).map((finding) => `List of accounts: ${finding}.`));
  return differences;
}

async function rowFindings(api: Api, book: AccountBook): Promise<string[]> {
  const { status, headers, body } = await api.send({ method: 'GET', path: `/ledger/${book.id}` });
  if (status !== 200) return [`GET answers ${status}, the books have version ${book.version}`];
  const etag = headers.etag === `"${book.version}"` ? [] : [`the ETag is ${headers.etag}`];
  return [...etag, ...rowDifferences(body as Row, book)];
}

/** Where a row, by itself or in the list, says something else than the books. */
export function rowDifferences(row: Row, book: AccountBook): string[] {
  const { currency, name, overdraftLimit } = book.terms;
  const expected: Row = {
    id: book.id,
    version: book.version,
    status: book.status,
    currency,
    name,
    balance: toDecimal(book.balance, currency),
    overdraftLimit: toDecimal(overdraftLimit, currency),
  };
  return Object.entries(expected)
    .filter(([member, value]) => row[member] !== value)
    .map(([member, value]) => `${member} is ${row[member]}, the books say ${value}`);
}

/** The whole statement, oldest line first; a sentence where it cannot be read or does not end. */
async function readStatement(api: Api, book: AccountBook): Promise<StatementLine[] | string> {
  const lines: StatementLine[] = [];
  const pagesMax = pagesFor(book.entryCount);
  const path = `/ledger/${book.id}/entries`;
  for await (const page of pagesOf<StatementLine>(api, path, pagesMax)) {
    if (typeof page === 'string') return page;
    lines.push(...page);
  }
  return lines.reverse();
}

async function listFindings(api: Api, books: readonly AccountBook[]): Promise<string[]> {
  const found: string[] = [];
  const byId = new Map(books.map((book) => [book.id, book]));
  const seen = new Map<string, number>();
  for await (const page of pagesOf<Row & { readonly id: string }>(api, '/ledger', listPagesMax)) {
    if (typeof page === 'string') return [...found, page];
    for (const row of page) {
      const book = byId.get(row.id);
      if (!book) continue;
      seen.set(row.id, (seen.get(row.id) ?? 0) + 1);
      found.push(...rowDifferences(row, book).map((difference) => `${row.id}: ${difference}`));
    }
  }
  for (const { id } of books) {
    const times = seen.get(id) ?? 0;
    if (times !== 1) found.push(`${id} is listed ${times} times`);
  }
  return found;
}
