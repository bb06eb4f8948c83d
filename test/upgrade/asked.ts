import { categoryOfStream, idOfStream } from '../../lambdas/kernel/index.ts';
import type { ApiAnswer, ApiRequest } from './direct-api.ts';
import type { RunningSystem } from './running-system.ts';

/** A request, and the answer that the old system gave. */
export interface Exchange {
  readonly request: ApiRequest;
  readonly answer: ApiAnswer;
}

/** Queries, with the answers of the old system. */
export interface Asked {
  /** About what has happened: later events only add to the answer. */
  readonly past: readonly Exchange[];
  /** Second pages of lists of rows, with the cursor of the first. The rows may change, but not which they are. */
  readonly pages: readonly Exchange[];
}

/** The header that asks for everything that is committed. */
export const fresh = { 'cache-control': 'no-cache' };

/** Where each context shows its rows. */
const paths: Readonly<Record<string, string>> = {
  ledger: '/ledger',
  metrics: '/metrics',
  dispense: '/dispenses',
};

/** Asks about every stream, each of its versions and times, and for second pages. Throws if a query is refused. */
export async function askEverything(system: RunningSystem): Promise<Asked> {
  const ask = async (path: string): Promise<Exchange> => {
    const request: ApiRequest = { method: 'GET', path, headers: fresh };
    const answer = await system.call(request);
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}.`);
    return { request, answer };
  };
  const askAll = async (all: readonly string[]) => {
    const answers: Exchange[] = [];
    for (const path of all) answers.push(await ask(path));
    return answers;
  };
  const secondPages = async (all: readonly string[]) => {
    const firsts = await askAll(all.map((path) => `${path}?limit=2`));
    return askAll(
      firsts.flatMap(({ request, answer }) => {
        const { next } = answer.body as { next?: string };
        return next === undefined ? [] : [`${request.path}&cursor=${next}`];
      }),
    );
  };
  const commits = (await system.items('EventLogTable')).map(({ stream, version, committedAt }) => ({
    stream: stream?.S ?? '',
    version: Number(version?.N),
    committedAt: committedAt?.S ?? '',
  }));
  const streams = [...new Set(commits.map(({ stream }) => stream))].sort();
  const histories = streams.flatMap(historyOf);
  return {
    past: [
      ...(await askAll(histories.map((path) => `${path}?limit=100`))),
      ...(await secondPages(histories)),
      ...(await askAll(
        commits.filter(({ stream }) => categoryOfStream(stream) === 'ledger').flatMap(pastOf),
      )),
    ],
    pages: await secondPages([...Object.values(paths), '/todos']),
  };
}

/** The paths of everything that only grows with a stream. */
function historyOf(stream: string): string[] {
  const lines: Readonly<Record<string, string>> = { ledger: '/entries', metrics: '/history' };
  const [category, id] = [categoryOfStream(stream), idOfStream(stream)];
  const ofLines = lines[category] === undefined ? [] : [`${paths[category]}/${id}${lines[category]}`];
  return [`/streams/${stream}`, ...ofLines];
}

/** The account at the version and at the time of a commit. */
function pastOf(commit: { readonly stream: string; readonly version: number; readonly committedAt: string }) {
  const account = `/ledger/${idOfStream(commit.stream)}`;
  return [`${account}?version=${commit.version}`, `${account}?at=${commit.committedAt}`];
}
