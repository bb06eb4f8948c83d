import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../tools/host/command.ts';
import { quick, runOnce, whole } from './bench.ts';
import { type BenchOptions, parseOptions, usage } from './options.ts';
import { replaceReport } from './report/documentation.ts';
import { joined, type Report, reportText } from './report/report.ts';

const documentation = join(import.meta.dirname, '../docs/performance.md');

/** `npm run bench`. */
async function main(): Promise<void> {
  const options = parseOptions(process.argv.slice(2));
  if (options === 'help') return console.log(usage);
  const report = await runAll(options);
  const text = reportText(report);
  console.log(`\n${text}\n`);
  const file = writeJson(report, options.jsonFile);
  console.log(`The samples are in ${file}.`);
  if (!options.writesDocs) return;
  replaceReport(documentation, text);
  console.log('docs/performance.md has the new table.');
}

async function runAll(options: BenchOptions): Promise<Report> {
  const extent = options.isQuick ? quick : whole;
  const once = (run: number) => {
    const say = (line: string) => console.error(options.runs > 1 ? `run ${run}: ${line}` : line);
    return runOnce({ ...options, extent, say });
  };
  const first = await once(1);
  const others: Report[] = [];
  while (others.length + 1 < options.runs) others.push(await once(others.length + 2));
  return joined([first, ...others]);
}

function writeJson(report: Report, jsonFile: string | undefined): string {
  const folder = join(import.meta.dirname, 'results');
  const file = jsonFile ?? join(folder, `${report.machine.startedAt.replace(/[:.]/g, '-')}.json`);
  if (jsonFile === undefined) mkdirSync(folder, { recursive: true });
  writeFileSync(file, `${JSON.stringify(report, null, 2)}\n`);
  return file;
}

await runCommand(main);
