import { afterEach, describe, expect, it } from '@jest/globals';
import { dispenseStatuses } from '../../lambdas/contexts/dispense/domain/dispense.ts';
import { metricStatuses } from '../../lambdas/contexts/metrics/domain/status.ts';
import { scopeNames } from '../../schema/scopes.ts';
import { seedDemo } from '../../tools/host/seed/demo/demo.ts';
import { httpClient } from '../support/http-client.ts';
import { startTestHost, type TestHost } from '../support/test-host.ts';
import { until } from '../support/until.ts';

const deadlineMs = 240_000;

let host: TestHost | undefined;
afterEach(() => host?.stop());

async function seed(seeded: TestHost): Promise<string> {
  const said: string[] = [];
  await seedDemo(seeded, { say: (line) => said.push(line), signal: new AbortController().signal });
  return said.join('\n');
}

type Row = Readonly<Record<string, unknown>>;

/** Reads all lists of a host, as one caller. */
function reader({ httpUrl, issueToken }: TestHost, subject: string, tenant?: string) {
  const call = httpClient(() => httpUrl);
  const token = issueToken?.({
    subject,
    scopes: scopeNames,
    minutes: 5,
    ...(tenant !== undefined && { tenant }),
  });
  const headers = token === undefined ? {} : { authorization: `Bearer ${token}` };
  return async (path: string) => {
    const { status, body } = await call('GET', path, undefined, headers);
    expect(status).toBe(200);
    return body as Row & { readonly items: readonly Row[] };
  };
}

const values = (rows: readonly Row[], member: string) => [...new Set(rows.map((row) => row[member]))].sort();

describe('the demo data', () => {
  it(
    'have something to show at every list, and a second start adds nothing',
    async () => {
      host = await startTestHost();
      const read = reader(host, 'anyone');
      const text = await seed(host);
      const lists = async () => {
        const paths = ['/ledger?limit=100', '/metrics?limit=100', '/dispenses?limit=100', '/todos?limit=100'];
        const all = await Promise.all(paths.map(read));
        return all.map(({ items }) => items);
      };
      const [accounts = [], metrics = [], dispenses = [], todos = []] = await lists();
      expect(values(accounts, 'currency')).toEqual(['EUR', 'JPY', 'USD']);
      expect(values(accounts, 'status')).toEqual(['closed', 'open']);
      expect(accounts.some(({ balance }) => Number(balance) < 0)).toBe(true);
      expect(values(metrics, 'status').filter((status) => status !== 'expired')).toEqual(
        [...metricStatuses].filter((status) => status !== 'expired').sort(),
      );
      // An analysis does not last.
      expect(values(dispenses, 'state')).toEqual(
        dispenseStatuses.filter((one) => one !== 'analyzing').sort(),
      );
      expect(values(todos, 'status')).toEqual(['closed', 'open']);
      const prescriptions = dispenses.flatMap(({ prescription }) =>
        prescription ? [prescription as Row] : [],
      );
      expect(values(prescriptions, 'contentType')).toEqual(['application/pdf', 'image/png', 'text/plain']);
      const analyses = prescriptions.map(({ analysis }) => analysis as Row);
      expect(values(analyses, 'outcome')).toEqual(['analyzed', 'failed']);
      expect(values(analyses, 'needsReview')).toEqual([false, true]);
      expect(analyses.some(({ confirmedAt }) => confirmedAt !== undefined)).toBe(true);
      // The last deadline passes while one looks.
      await until(
        () => read('/metrics?status=expired'),
        ({ items }) => items.length === 1,
        deadlineMs,
      );

      const linked = [...text.matchAll(/curl '([^']*)'/g)].map(([, url = '']) => {
        const { pathname, search } = new URL(url);
        return pathname + search;
      });
      expect(linked.length).toBeGreaterThan(8);
      for (const path of linked) await read(path);

      const before = await lists();
      expect(await seed(host)).toMatch(/^The demo data are there from an earlier start: nothing is added\./);
      expect(await lists()).toEqual(before);
    },
    deadlineMs,
  );

  it(
    'belong to several callers of two tenants, if callers have tokens',
    async () => {
      host = await startTestHost({ auth: true, owners: true });
      const text = await seed(host);
      expect(text).toContain('--subject ida --tenant harbour');
      const names = async (...caller: [string, string?]) => {
        const { items } = await reader(host as TestHost, ...caller)('/ledger?limit=100');
        return items.map(({ name }) => name);
      };
      expect(await names('nora')).toContain('Till of the shop');
      await until(
        () => names('ida', 'harbour'),
        (shown) => shown.length === 1 && shown[0] === 'Till at the harbour',
      );
    },
    deadlineMs,
  );
});
