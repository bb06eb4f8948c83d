/** A person invokes a function with `{"redrive": true}` to try again what is parked. */
export interface RedriveEvent {
  readonly redrive: true;
}

/** Whether a function was invoked to redrive. Accepts any event; `redrive` must be `true`. */
export function isRedrive(event: object): event is RedriveEvent {
  return 'redrive' in event && event.redrive === true;
}
