import type { EventSchemas } from '../../../kernel/upcasting.ts';

/** Instants are ISO 8601, UTC, ms. */
export type MetricEvent =
  | {
      readonly type: 'Metric:Created';
      readonly data: {
        readonly name: string;
        readonly unit?: string;
        readonly description?: string;
        readonly at: string;
      };
    }
  | {
      readonly type: 'Metric:TargetSet';
      /** `at`: when it was set; values from then on count for it. */
      readonly data: { readonly value: number; readonly deadline: string; readonly at: string };
    }
  /** `at`: when the value was measured, which may be long before it was recorded. */
  | { readonly type: 'Metric:ValueRecorded'; readonly data: { readonly value: number; readonly at: string } }
  /** `at`: when the target was reached, by the value's own time. */
  | {
      readonly type: 'Metric:TargetReached';
      readonly data: { readonly target: number; readonly value: number; readonly at: string };
    }
  | { readonly type: 'Metric:Expired'; readonly data: { readonly target: number; readonly deadline: string } }
  | { readonly type: 'Metric:Archived'; readonly data: { readonly at: string } };

/** Every event type of the context, with the upcasters of its older shapes: none has changed yet. */
export const metricSchemas: EventSchemas & Record<MetricEvent['type'], unknown> = {
  'Metric:Created': [],
  'Metric:TargetSet': [],
  'Metric:ValueRecorded': [],
  'Metric:TargetReached': [],
  'Metric:Expired': [],
  'Metric:Archived': [],
};
