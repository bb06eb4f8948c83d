/** The streams of a person in a running host. */
export interface AnswersAbout {
  readonly dispenses: readonly string[];
  readonly personId: string;
  /** An instant at which the dispenses had personal values: ISO 8601, UTC, ms. */
  readonly at: string;
  /** Versions at which a dispense can be asked for. One that it does not have yet is answered 404. */
  readonly versions: readonly number[];
}

/** An answer as text, with the link to a document if it has one. */
export interface TextAnswer {
  /** The method is GET. `(fresh)` is added if everything committed had to be in the answer. */
  readonly path: string;
  readonly status: number;
  readonly text: string;
  readonly link: string | null;
}

/** Every answer that a route can give about a person: now, fresh, and about the past. No redirect is followed. */
export async function* answersAbout(
  httpUrl: string,
  { dispenses, personId, at, versions }: AnswersAbout,
): AsyncIterable<TextAnswer> {
  const pathsOf = (id: string) => [
    `/dispenses/${id}`,
    ...versions.map((version) => `/dispenses/${id}?version=${version}`),
    `/dispenses/${id}?at=${at}`,
    `/dispenses/${id}/prescription`,
    `/streams/dispense/${id}`,
    `/todos?subject=dispense/${id}`,
  ];
  const paths = [
    ...dispenses.flatMap(pathsOf),
    '/dispenses',
    '/dispenses?state=cancelled',
    '/todos',
    '/persons',
    `/persons/${personId}`,
    `/persons/${personId}/export`,
    `/streams/person/${personId}`,
  ];
  for (const path of paths) {
    for (const headers of [{}, { 'cache-control': 'no-cache' }]) {
      const response = await fetch(httpUrl + path, { headers, redirect: 'manual' });
      const { status } = response;
      const isFresh = 'cache-control' in headers;
      yield {
        path: isFresh ? `${path} (fresh)` : path,
        status,
        text: await response.text(),
        link: response.headers.get('location'),
      };
    }
  }
}
