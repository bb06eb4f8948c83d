import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { boundMs } from '../../../../../../test/support/patience.ts';
import { EmbeddedAnalyzer } from './embedded-analyzer.ts';
import { type MeasuredReading, measured, peakBytesOf, readersOf, until } from './measured-reading.fixture.ts';
import { flateBombOf } from './pdf.fixture.ts';
import { type ParsedDocument, ReaderEndedError, readInProcess } from './reader-process.ts';
import { readerMemoryMaxBytes } from './reader-protocol.ts';
import { type BuiltReaders, buildReaders, linesIn, sample } from './readers-under-test.fixture.ts';

let readers: BuiltReaders;

beforeAll(async () => {
  readers = await buildReaders();
});

afterAll(() => readers.remove());

const timeoutMs = boundMs(40_000);
const parsed = (path: string) => sample(path) as ParsedDocument;
const read = (document: ParsedDocument) => readInProcess(document, { ...readers, timeoutMs });
/** It needs more memory than a process may have, and some seconds until then. */
const bomb: ParsedDocument = { contentType: 'application/pdf', bytes: flateBombOf(3) };

/** Of the test's own process, the document and what a process allocates between two samples. */
const spareBytes = 400 * 1024 * 1024;

function expectBounded({ peakBytes, allPeakBytes }: MeasuredReading): void {
  expect(peakBytes).toBeGreaterThan(0);
  expect(peakBytes).toBeLessThan(readerMemoryMaxBytes + spareBytes);
  expect(allPeakBytes).toBeLessThan(1_536 * 1024 * 1024);
}

describe('a hostile document', () => {
  it.each([
    ['01-bomb-30000x30000.png', 'large-picture'],
    ['02-25mp-16bit-rgba-blank.png', 'without-text'],
    ['03-truncated.png', 'damaged-picture'],
    ['05-zero-bytes.png', 'damaged-picture'],
    ['09-jpeg-claims-65500.jpg', 'large-picture'],
    ['14-pdf-21-pages.pdf', 'many-pages'],
    ['15-pdf-empty-pages.pdf', 'without-text'],
    ['16-pdf-flate-bomb-300MB.pdf', 'without-text'],
    ['18-pdf-cyclic-pages.pdf', 'damaged-pdf'],
  ])('%s is refused in bounded memory: %s', async (path, because) => {
    const reading = await measured(() => read(parsed(`hostile/${path}`)));
    expect(reading.answer).toEqual({ kind: 'refused', because });
    expectBounded(reading);
  });

  it('that is a PDF and an archive is read as a PDF', async () => {
    const answer = await read(parsed('hostile/12-pdf-zip-polyglot.pdf'));
    expect(answer).toMatchObject({ kind: 'read', document: { source: 'pdf', doubts: [] } });
  });

  it('that inflates to gigabytes is ended by its memory, and a good one beside it is not held up', async () => {
    const ended: string[] = [];
    const bombed = measured(() => read(bomb)).finally(() => ended.push('bomb'));
    const good = await read(parsed('pdf/01-clean.pdf')).finally(() => ended.push('good'));
    expect(good.kind).toBe('read');
    const reading = await bombed;
    expect(reading.answer).toEqual({ kind: 'refused', because: 'much-memory' });
    expectBounded(reading);
    expect(ended).toEqual(['good', 'bomb']);
  });

  it('is ended by its time', async () => {
    const answer = await readInProcess(bomb, { ...readers, timeoutMs: 1 });
    expect(answer).toEqual({ kind: 'refused', because: 'much-time' });
  });
});

describe('a process that is killed', () => {
  const kill = async (count: number) => {
    for (let killed = 0; killed < count; ) {
      // Tesseract has started.
      const [reader] = await until(readersOf, (pids) =>
        pids.some((pid) => peakBytesOf(pid) > 110 * 1024 * 1024),
      );
      process.kill(Number(reader), 'SIGKILL');
      await until(readersOf, (pids) => !pids.includes(String(reader)));
      killed += 1;
    }
  };
  const analyze = () => new EmbeddedAnalyzer(readers).read([sample('image/01-clean-print.png')]);

  it('once is tried again', async () => {
    const [text] = await Promise.all([analyze(), kill(1)]);
    expect(linesIn(text)).toContain('Signature: H. Moore');
  });

  it('twice makes the document unreadable', async () => {
    const [refused] = await Promise.all([analyze().catch((error: Error) => error.message), kill(2)]);
    expect(refused).toMatch(/not be read in two attempts/);
  });
});

describe('a process whose parent is killed', () => {
  let parent: ChildProcess | undefined;

  afterAll(() => void parent?.kill('SIGKILL'));

  it('ends too, in the middle of a document', async () => {
    const document = join(mkdtempSync(join(tmpdir(), 'streamfold-bomb-')), 'bomb.pdf');
    writeFileSync(document, bomb.bytes);
    const script = `
      import { readFileSync } from 'node:fs';
      import { readInProcess } from ${JSON.stringify(join(import.meta.dirname, 'reader-process.ts'))};
      const bytes = readFileSync(${JSON.stringify(document)});
      await readInProcess({ contentType: 'application/pdf', bytes }, ${JSON.stringify({ ...readers, timeoutMs })});`;
    parent = spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: 'ignore' });
    const pids = await until(
      () => readersOf(parent?.pid),
      (found) => found.length > 0,
    );
    parent.kill('SIGKILL');
    await until(
      () => pids.filter(isRunning),
      (running) => running.length === 0,
    );
    rmSync(document);
  });
});

function isRunning(pid: string): boolean {
  try {
    return !/State:\s+Z/.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

describe('the program', () => {
  /** The answer of another program in place of the reader. */
  const answerOf = async (program: string) => {
    const readersFolder = mkdtempSync(join(tmpdir(), 'streamfold-program-'));
    writeFileSync(join(readersFolder, 'read-document.js'), program);
    try {
      return await readInProcess(parsed('pdf/01-clean.pdf'), { ...readers, readersFolder, timeoutMs });
    } finally {
      rmSync(readersFolder, { recursive: true });
    }
  };
  const answering = (text: string) => `
    const words = [{ text: ${text}, left: 0, right: 1, confidence: 1 }];
    const document = { source: 'pdf', pages: [[{ words }]], doubts: [] };
    require('node:fs').writeSync(1, JSON.stringify({ kind: 'read', document }));
    process.exit(0);`;
  const wordOf = async (expression: string) => {
    const answer = await answerOf(answering(expression));
    return answer.kind === 'read' ? answer.document.pages[0]?.[0]?.words[0]?.text : answer;
  };

  it('has no environment but the folder of libraries', async () => {
    process.env['AWS_SECRET_ACCESS_KEY'] = 'secret';
    const names = await wordOf(
      "'names:' + Object.keys(process.env).filter((name) => !/^(PWD|_|SHLVL|OLDPWD|LD_LIBRARY_PATH)$/.test(name)).join()",
    );
    delete process.env['AWS_SECRET_ACCESS_KEY'];
    expect(names).toBe('names:');
  });

  it.each([
    ['the environment of its parent', "readFileSync('/proc/' + process.ppid + '/environ')"],
    ['another file', "readFileSync('/etc/hostname')"],
  ])('cannot read %s', async (_what, call) => {
    const tried = `(() => { try { require('node:fs').${call}; return 'read'; } catch (error) { return error.code; } })()`;
    expect(await wordOf(tried)).toBe('ERR_ACCESS_DENIED');
  });

  it.each([
    ['exits with an error', 'process.exit(3)'],
    ['crashes', 'process.abort()'],
    ['answers what is no answer', "console.log('{}')"],
    ['answers a word with white space', answering("'two words'")],
    ['writes without an end', "for (;;) require('node:fs').writeSync(1, 'x'.repeat(1e6))"],
  ])('that %s has ended without an answer', async (_what, program) => {
    await expect(answerOf(program)).rejects.toThrow(ReaderEndedError);
  });

  it('that fills the heap needs too much memory', async () => {
    const answer = await answerOf(
      'const all = []; for (;;) all.push(Array.from({ length: 1e5 }, Math.random))',
    );
    expect(answer).toEqual({ kind: 'refused', because: 'much-memory' });
  });
});
