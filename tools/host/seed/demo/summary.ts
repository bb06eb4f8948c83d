import type { Host } from '../../host.ts';

/** What the summary links to. */
export interface DemoIds {
  readonly account: string;
  readonly metric: string;
  readonly dispense: string;
}

type SeededHost = Pick<Host, 'httpUrl' | 'issueToken'>;

/** What was made, and commands to look at it. */
export function summaryText(host: SeededHost, { account, metric, dispense }: DemoIds): string {
  return `
The demo data are there. Every person, shop and prescription in them is invented. All commands were sent just now, so all
histories begin now. One deadline passes in a few seconds. A sweep within a minute records that, and opens work for it.

Accounts in EUR, USD and JPY, with transfers, one overdrawn, one closed:
${curls(host, ['/ledger', `/ledger/${account}/entries`, `/streams/ledger/${account}`])}
Metrics in every status, with a series for a plot:
${curls(host, ['/metrics?sort=deadline', `/metrics/${metric}/history?points=50`])}
Dispenses in every state, with prescriptions as text, PDF and picture; this one waits for a review:
${curls(host, ['/dispenses', `/dispenses/${dispense}`])}
Open and closed work:
${curls(host, ['/todos/summary', '/todos?status=open'])}
${tenants(host)}`;
}

/** For a host that has the data of an earlier start. */
export function thereText(host: SeededHost): string {
  return `The demo data are there from an earlier start: nothing is added.\n${curls(host, ['/ledger', '/todos/summary'])}`;
}

function curls({ httpUrl, issueToken }: SeededHost, paths: readonly string[]): string {
  const bearer = issueToken ? ' -H "authorization: Bearer $STREAMFOLD_TOKEN"' : '';
  return paths.map((path) => `  curl${bearer} '${httpUrl}${path}'`).join('\n');
}

function tenants({ httpUrl, issueToken }: SeededHost): string {
  if (issueToken === undefined) return '';
  const { port } = new URL(httpUrl);
  const option = port === '3000' ? '' : ` --http ${port}`;
  return `
Nora keeps the accounts and metrics, Omar the dispenses. Ida is of another tenant and has data of her own:
  export STREAMFOLD_TOKEN=$(npm run -s token --${option} --subject nora)
  export STREAMFOLD_TOKEN=$(npm run -s token --${option} --subject ida --tenant harbour)
`;
}
