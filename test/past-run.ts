import { createServer, request as forward } from 'node:http';
import { mkdtempSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { startDynoxide } from '/tmp/wt-past/tools/host/engines/dynoxide.ts';
import { seededRandom } from '/tmp/wt-past/lambdas/kernel/testing/simulated-effects.ts';

const random = seededRandom(Number(process.argv[2] ?? 1));
const engine = await startDynoxide(mkdtempSync('/tmp/past-dyn-'), () => console.error('engine crashed'));
const target = new URL(engine.url);
const stats = { appends: 0, cut: 0, landedLate: 0, never: 0, delays: [] as number[] };
const proxy = createServer(async (req, res) => {
  const parts: Buffer[] = [];
  for await (const part of req) parts.push(part);
  const body = Buffer.concat(parts);
  const call = String(req.headers['x-amz-target'] ?? '');
  let withhold = 0;
  if (/\.(PutItem|TransactWriteItems)$/.test(call) && body.includes('commandHash')) {
    stats.appends += 1;
    if (random() < 0.05) {
      stats.cut += 1;
      const landing = random() * 2_300;
      if (landing > 1_950) { stats.never += 1; return; }
      if (landing > 1_500) stats.landedLate += 1;
      await sleep(landing);
      withhold = 3_000;
    } else {
      const ms = random() < 0.15 ? 200 + random() * 1_000 : random() * 200;
      stats.delays.push(ms);
      await sleep(ms);
    }
  }
  const out = forward({ host: target.hostname, port: target.port, method: req.method, path: req.url, headers: { ...req.headers, host: target.host } }, async (answer) => {
    if (withhold) { answer.resume(); await sleep(withhold); res.destroy(); return; }
    res.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(res);
  });
  out.on('error', () => res.destroy());
  out.end(body);
});
await new Promise<void>((r) => proxy.listen(0, '127.0.0.1', r));
const port = (proxy.address() as any).port;
const [httpPort, awsPort] = [34100, 34101];
const host = spawn(process.execPath, ['tools/host/main.ts', '--dynamodb', `http://127.0.0.1:${port}`, '--http', String(httpPort), '--aws', String(awsPort), '--logs'], { cwd: '/tmp/wt-past', stdio: ['ignore', 'pipe', 'pipe'] });
let logs = '';
host.stdout.on('data', (d) => { logs += d; });
host.stderr.on('data', (d) => { logs += d; });
const api = `http://127.0.0.1:${httpPort}`;
const started = Date.now();
for (;;) {
  try { if ((await fetch(`${api}/health`)).ok) break; } catch {}
  if (Date.now() - started > 180_000 || host.exitCode !== null) { console.log(logs.slice(-3000)); await engine.stop(); process.exit(1); }
  await sleep(500);
}
console.log('up after', Date.now() - started, 'ms');
const accounts = Array.from({ length: 8 }, (_, i) => `past-${i}`);
const oneOf = <T>(x: readonly T[]) => x[Math.floor(random() * x.length)] as T;
const statuses: Record<string, number> = {};
const problems: Record<string, number> = {};
let index = 0;
let done = false;
async function worker() {
  while (index < Number(process.argv[3] ?? 2000)) {
    const key = `k-${index++}`;
    const [from, to, amount] = [oneOf(accounts), oneOf(accounts), 1 + Math.floor(random() * 20)];
    const step = oneOf(['credits', 'credits', 'debits', 'transfers', 'transfers', 'transfers']);
    const send = () => fetch(`${api}/ledger/${from}/${step}`, { method: 'POST', headers: { 'content-type': 'application/json', 'idempotency-key': key }, body: JSON.stringify(step === 'transfers' ? { to, amount } : { amount }) });
    let status = 0;
    for (let n = 0; n < 5; n++) {
      const r = await send();
      status = r.status;
      if (status >= 400) { const b: any = await r.json(); problems[b.type] = (problems[b.type] ?? 0) + 1; } else await r.arrayBuffer();
      if (status !== 503) break;
    }
    statuses[status] = (statuses[status] ?? 0) + 1;
  }
}
const ask = async (at: string) => Promise.all(accounts.map(async (id) => { const r = await fetch(`${api}/ledger/${id}?at=${at}`); const b: any = await r.json(); return r.status === 200 ? { version: b.version, balance: b.balance } : r.status; }));
const asked: { at: string; answers: any[]; ms: number; age: number }[] = [];
async function asker() {
  while (!done) {
    await sleep(random() * 1_500);
    const age = random() * 6_000;
    const at = new Date(Date.now() - age).toISOString();
    const t0 = performance.now();
    asked.push({ at, answers: await ask(at), ms: performance.now() - t0, age });
  }
}
const t0 = Date.now();
const ticker = setInterval(() => console.log(Date.now() - t0, index, asked.length, JSON.stringify(problems)), 10_000);
const askers = Array.from({ length: 1 }, asker);
await Promise.all(Array.from({ length: 8 }, worker));
done = true; clearInterval(ticker);
await Promise.all(askers);
const took = Date.now() - t0;
await sleep(6_000);
const events: any[] = [];
for (const id of accounts) {
  let cursor = '';
  for (;;) { const p: any = await (await fetch(`${api}/streams/ledger/${id}?limit=100${cursor}`)).json(); for (const e of p.items ?? []) events.push({ ...e, id }); if (!p.next) break; cursor = `&cursor=${p.next}`; }
}
let changed = 0, wrongSum = 0;
for (const { at, answers } of asked) {
  const again = await ask(at);
  if (JSON.stringify(again) !== JSON.stringify(answers)) { changed++; console.log('CHANGED', at, JSON.stringify(answers), JSON.stringify(again)); }
  const sum = Math.round(answers.reduce((s, a) => s + Number(a.balance ?? 0), 0) * 100);
  const booked = events.filter((e) => e.committedAt <= at).reduce((s, e) => s + (e.type === 'Ledger:Credited' ? e.data.amount : e.type === 'Ledger:Debited' ? -e.data.amount : 0), 0);
  if (sum !== booked) { wrongSum++; console.log('SUM', at, sum, booked); }
}
const bytransfer = new Map<string, Set<string>>();
let sides = 0;
for (const e of events) if (e.data.transferId) { sides++; const s = bytransfer.get(e.data.transferId) ?? new Set(); s.add(e.committedAt); bytransfer.set(e.data.transferId, s); }
const q = (xs: number[], p: number) => Math.round([...xs].sort((a, b) => a - b)[Math.floor(xs.length * p)] ?? 0);
console.log({ took, statuses, problems, asked: asked.length, changed, wrongSum, events: events.length, transfers: bytransfer.size, sides, twoInstants: [...bytransfer.values()].filter((s) => s.size > 1).length,
  proxy: { appends: stats.appends, cut: stats.cut, landedAfterCutOff: stats.landedLate, never: stats.never, delayP50: q(stats.delays, .5), delayP99: q(stats.delays, .99) },
  askMs: { youngP50: q(asked.filter((a) => a.age < 1000).map((a) => a.ms), .5), youngMax: q(asked.filter((a) => a.age < 1000).map((a) => a.ms), .999), oldP50: q(asked.filter((a) => a.age > 4500).map((a) => a.ms), .5) } });
console.log('log lines: too long', (logs.match(/took too long/g) ?? []).length, 'clock off', (logs.match(/clock-off/g) ?? []).length);
host.kill('SIGTERM');
await new Promise((r) => host.once('exit', r));
proxy.closeAllConnections(); proxy.close();
await engine.stop();
process.exit(0);
