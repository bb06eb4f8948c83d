import type { Tab } from './browser.ts';

/** One thing that a page tries. `init` is that of `fetch`. */
export interface Attempt {
  readonly url: string;
  readonly init?: {
    readonly method?: string;
    readonly mode?: 'no-cors';
    readonly headers?: Readonly<Record<string, string>>;
    readonly body?: string;
    readonly credentials?: 'include';
  };
}

/** What the page reads; `blocked`: the browser shows an error; `opaque`: the page learns nothing about the answer; `hangs`: none in 10 s. */
export type Outcome = 'blocked' | 'opaque' | 'hangs' | { readonly status: number; readonly body: string };

/** Sends requests by the script of a page, one after the other. */
export function tryAll(tab: Tab, attempts: readonly Attempt[]): Promise<Outcome[]> {
  return tab.evaluate(`(async () => {
    const outcomes = [];
    for (const { url, init } of ${JSON.stringify(attempts)}) {
      try {
        const response = await fetch(url, { ...init, signal: AbortSignal.timeout(10_000) });
        outcomes.push(response.type === 'opaque' ? 'opaque' : { status: response.status, body: await response.text() });
      } catch (error) {
        outcomes.push(error.name === 'TimeoutError' ? 'hangs' : 'blocked');
      }
    }
    return outcomes;
  })()`);
}

/** Loads the addresses as other elements of a page do, and opens web sockets. Returns the names of the events, such as `img error`. */
export function tryElements(tab: Tab, urls: readonly string[]): Promise<string[]> {
  return tab.evaluate(`(async () => {
    const tags = { img: 'src', script: 'src', iframe: 'src', embed: 'src', object: 'data', video: 'src', audio: 'src' };
    const settled = (target, name) => new Promise((resolve) => {
      for (const event of ['load', 'loadeddata', 'open', 'message', 'error']) {
        target.addEventListener(event, () => resolve(name + ' ' + event));
      }
      setTimeout(() => resolve(name + ' nothing'), 5000);
    });
    const all = ${JSON.stringify(urls)}.flatMap((url) => [
      ...Object.entries(tags).map(([tag, attribute]) => {
        const element = document.createElement(tag);
        const end = settled(element, tag);
        element[attribute] = url;
        document.body.append(element);
        return end;
      }),
      settled(new WebSocket(url.replace('http:', 'ws:')), 'socket'),
      settled(new EventSource(url), 'events'),
    ]);
    return [...new Set(await Promise.all(all))].sort();
  })()`);
}

/** Asks the browser to load the addresses ahead, in their order, by speculation rules. It does that when it likes. */
export function loadAhead(
  tab: Tab,
  action: 'prefetch' | 'prerender',
  urls: readonly string[],
): Promise<void> {
  const rules = { [action]: [{ source: 'list', urls, eagerness: 'immediate' }] };
  return tab.evaluate(`document.head.append(Object.assign(document.createElement('script'), {
    type: 'speculationrules', textContent: ${JSON.stringify(JSON.stringify(rules))},
  }))`);
}

/** Submits a form to the address in a frame, and waits until the frame is loaded, at most 10 s. */
export function submitForm(
  tab: Tab,
  url: string,
  enctype: string,
  fields: Readonly<Record<string, string>>,
): Promise<void> {
  return tab.evaluate(`new Promise((resolve) => {
    const frame = Object.assign(document.createElement('iframe'), { name: 'f' + Math.random() });
    const form = Object.assign(document.createElement('form'), {
      action: ${JSON.stringify(url)}, method: 'POST', enctype: ${JSON.stringify(enctype)}, target: frame.name,
    });
    for (const [name, value] of Object.entries(${JSON.stringify(fields)})) {
      form.append(Object.assign(document.createElement('input'), { name, value }));
    }
    document.body.append(frame, form);
    frame.addEventListener('load', () => resolve());
    setTimeout(resolve, 10_000);
    form.submit();
  })`);
}
