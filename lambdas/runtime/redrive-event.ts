/** A person invokes a function with `{"redrive": true}` to try again what is parked. */
export interface RedriveEvent {
  readonly redrive: true;
  /** Continues after this subject: `next` of the answer before. Default: begins at the first one. */
  readonly after?: string;
}

/** Whether a function was invoked to redrive. Accepts any event; `redrive` must be `true`, and `after` a text or absent. */
export function isRedrive(event: object): event is RedriveEvent {
  const { redrive, after }: { readonly redrive?: unknown; readonly after?: unknown } = event;
  return redrive === true && (after === undefined || (typeof after === 'string' && after !== ''));
}
