import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { anchorsOf, linksOf, shellBlocks } from './markdown.ts';
import { pages, read, root } from './pages.ts';

const readmeMaxLines = 120;
const isExternal = (target: string) => /^https?:/.test(target);

/** What is wrong with a link of a page; undefined if it leads somewhere. */
function faultOf(page: string, target: string): string | undefined {
  const [path = '', anchor] = target.split('#');
  const file = path === '' ? page : relative(root, join(root, dirname(page), path));
  if (file.startsWith('..') || !existsSync(join(root, file))) return `${page}: ${target} does not exist`;
  if (anchor === undefined || anchorsOf(read(file)).has(anchor)) return undefined;
  return `${page}: ${file} has no heading #${anchor}`;
}

/** The words of a line of shell that begin a comment: outside of quotes, after a space or at the start. */
const hasComment = (block: string) => /(^|\s)#/m.test(block.replace(/'[^']*'|"(?:[^"\\]|\\.)*"/g, ''));

describe('the README', () => {
  it(`has at most ${readmeMaxLines} lines`, () => {
    expect(read('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(readmeMaxLines);
  });

  it('links every page in docs/, itself or by a page that it links', () => {
    const linked = new Set(['README.md']);
    for (const page of linked) {
      for (const target of linksOf(read(page)).filter((link) => !isExternal(link))) {
        const file = relative(root, join(root, dirname(page), target.split('#')[0] ?? ''));
        if (pages.includes(file)) linked.add(file);
      }
    }
    expect(pages.filter((page) => !linked.has(page))).toEqual([]);
  });
});

it.each(pages)('every link of %s leads to a file and a heading', (page) => {
  const links = linksOf(read(page)).filter((target) => !isExternal(target));
  expect(links.flatMap((target) => faultOf(page, target) ?? [])).toEqual([]);
});

it('every page that the code names exists, with the heading', () => {
  const files = globSync('{bench,lambdas,lib,schema,test,tools}/**/*.ts', {
    cwd: root,
    exclude: ['**/node_modules/**'],
  });
  const named = files.flatMap((file) => read(file).match(/\bdocs\/[a-z-]+\.md(#[a-z0-9-]+)?/g) ?? []);
  const targets = [...new Set(named)];
  expect(targets.length).toBeGreaterThan(5);
  expect(targets.flatMap((target) => faultOf('README.md', target) ?? [])).toEqual([]);
});

describe.each(pages)('the shell blocks of %s', (page) => {
  const blocks = shellBlocks(page, read(page));

  it('have no comments, which zsh takes for commands when they are pasted', () => {
    expect(blocks.filter(({ text }) => hasComment(text)).map(({ place }) => place)).toEqual([]);
  });

  it('can be parsed', () => {
    for (const { text } of blocks) execFileSync('bash', ['-n'], { input: text });
  });
});

describe('reading a page', () => {
  const page = [
    '# A b?',
    '## A b',
    'A first',
    '`201` and `404`:',
    '',
    '```sh',
    "echo '# no' # yes",
    '```',
  ].join('\n');

  it('finds blocks with the statuses above them', () => {
    expect(shellBlocks('p', page)).toEqual([
      { place: 'p:7', text: "echo '# no' # yes", statuses: [201, 404] },
    ]);
  });

  it('finds comments, but not what is quoted', () => {
    expect(["echo '# no' # yes", "echo '# no'", 'echo a#b'].map(hasComment)).toEqual([true, false, false]);
  });

  it('makes anchors like GitHub', () => {
    expect([...anchorsOf(page)]).toEqual(['a-b', 'a-b-1']);
  });

  it('finds links, but none in code', () => {
    expect(linksOf('[a](b.md#c) `[d](e)` ![f](g.svg)')).toEqual(['b.md#c', 'g.svg']);
  });

  it('names what does not exist', () => {
    expect(faultOf('README.md', 'none.md')).toContain('does not exist');
    expect(faultOf('docs/tour.md', 'costs.md#none')).toContain('has no heading #none');
    expect(faultOf('docs/tour.md', '#metrics')).toBeUndefined();
  });
});
