/** The third-level sections of a runbook, by the anchors that their headings get, under its headings Alarms and Procedures. */
export interface RunbookSections {
  readonly alarms: ReadonlyMap<string, string>;
  readonly procedures: ReadonlyMap<string, string>;
}

/** Takes the Markdown of a runbook apart. Lines of code that look like headings are none. */
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

/** As GitHub makes them. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\w\s-]/g, '')
    .trim()
    .replace(/\s/g, '-');
}
