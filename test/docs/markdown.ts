/** A shell block of a page. */
export interface ShellBlock {
  /** For messages: the page and the line of its first command. */
  readonly place: string;
  readonly text: string;
  /** The statuses that the paragraph before it names, such as `201`, in order. */
  readonly statuses: readonly number[];
}

const fence = '```';

/** The shell blocks of a page, in order. */
export function shellBlocks(page: string, markdown: string): ShellBlock[] {
  const lines = markdown.split('\n');
  return lines.flatMap((line, index) => {
    if (line !== `${fence}sh`) return [];
    const end = lines.indexOf(fence, index);
    return [
      {
        place: `${page}:${index + 2}`,
        text: lines.slice(index + 1, end).join('\n'),
        statuses: statusesIn(paragraphBefore(lines, index)),
      },
    ];
  });
}

/** The lines above a block, up to the next empty line above them. */
function paragraphBefore(lines: readonly string[], block: number): string {
  let end = block;
  while (end > 0 && lines[end - 1] === '') end -= 1;
  let start = end;
  while (start > 0 && lines[start - 1] !== '') start -= 1;
  return lines.slice(start, end).join('\n');
}

function statusesIn(paragraph: string): number[] {
  return [...paragraph.matchAll(/`([2-5]\d\d)`/g)].map(([, status]) => Number(status));
}

const withoutBlocks = (markdown: string) => markdown.replace(/^```[\s\S]*?^```$/gm, '');

/** The page without its blocks and without code in its lines: what is shown as text. */
function textOf(markdown: string): string {
  return withoutBlocks(markdown).replace(/`[^`\n]*`/g, '');
}

/** The targets of the links and pictures of a page. */
export function linksOf(markdown: string): string[] {
  return [...textOf(markdown).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
}

/** The anchors that GitHub makes from the headings of a page. The second heading of a title gets `-1`. */
export function anchorsOf(markdown: string): Set<string> {
  const anchors = new Set<string>();
  const counts = new Map<string, number>();
  for (const [, title = ''] of withoutBlocks(markdown).matchAll(/^#{1,6} (.*)$/gm)) {
    const anchor = title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .trim()
      .replace(/\s/g, '-');
    const earlier = counts.get(anchor) ?? 0;
    counts.set(anchor, earlier + 1);
    anchors.add(earlier === 0 ? anchor : `${anchor}-${earlier}`);
  }
  return anchors;
}
