/** The third-level sections of a runbook under its headings Alarms and Procedures, by the anchors of their headings. */
export interface RunbookSections {
  readonly alarms: ReadonlyMap<string, string>;
  readonly procedures: ReadonlyMap<string, string>;
}

/** Splits the Markdown of a runbook into sections. Lines of code are never headings. */
export function sectionsOf(markdown: string): RunbookSections {
  const found = { Alarms: new Map<string, string>(), Procedures: new Map<string, string>() };
  let part: Map<string, string> | undefined;
  let anchor = '';
  let isCode = false;
  for (const line of markdown.split('\n')) {
    if (line.startsWith('```')) isCode = !isCode;
    const [, marks = '', title = ''] = (isCode ? undefined : /^(#{2,3}) (.*)$/.exec(line)) ?? [];
    if (marks === '##') {
      part = Object.hasOwn(found, title) ? found[title as keyof typeof found] : undefined;
      anchor = '';
    } else if (marks === '###') {
      anchor = anchorOf(title);
      part?.set(anchor, '');
    } else if (anchor !== '') {
      part?.set(anchor, `${part.get(anchor)}${line}\n`);
    }
  }
  return { alarms: found.Alarms, procedures: found.Procedures };
}

/** The anchor that GitHub generates for a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/\s/g, '-');
}

/** The blocks of shell commands in Markdown, without their indentation in a list. */
export function commandBlocks(markdown: string): string[] {
  return [...markdown.matchAll(/^( *)```sh\n([\s\S]*?)^ *```$/gm)].map(([, indent = '', commands = '']) =>
    commands.replace(new RegExp(`^${indent}`, 'gm'), ''),
  );
}
