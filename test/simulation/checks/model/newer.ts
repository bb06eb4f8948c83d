import type { Permitted } from './rules.ts';

type Data = Readonly<Record<string, unknown>>;

interface Form {
  /** Whether data has the newer form. */
  readonly isNewer: (data: Data) => boolean;
  /** The same in the earlier form, which the rules know. */
  readonly plain: (data: Data) => Data;
}

/** The newer forms of events, which a deployment brings. */
const forms: Readonly<Record<string, Form>> = {
  // What was paid, and the fee that was kept of it.
  'Ledger:Credited': {
    isNewer: (data) => 'fee' in data,
    plain: ({ fee, amount, ...rest }) => ({ ...rest, amount: Number(amount) - Number(fee) }),
  },
  'Metric:ValueRecorded': {
    isNewer: (data) => 'measured' in data,
    plain: ({ measured, ...rest }) => ({ ...rest, value: measured }),
  },
};

/** Whether an event is of a form that earlier code cannot read. */
export function isNewerForm({ type, data }: { readonly type: string; readonly data: object }): boolean {
  return Object.hasOwn(forms, type) && forms[type]?.isNewer(data as Data) === true;
}

/** The data of an event in the form that the rules know. */
export function plainData({ type, data }: { readonly type: string; readonly data: object }): Data {
  const form = isNewerForm({ type, data }) ? forms[type] : undefined;
  return form ? form.plain(data as Data) : (data as Data);
}

/** The fields of rows that only newer code knows, by context, with their values in a state. */
export function newerFields(context: string, state: unknown): Permitted {
  return context === 'ledger' ? { credits: [(state as { readonly credits: number }).credits] } : {};
}

/** A row without the fields that only newer code knows. */
export function withoutNewer(row: Data): Data {
  const { credits: _, ...rest } = row;
  return rest;
}
