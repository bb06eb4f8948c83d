import { faultless } from '../faultless.ts';
import type { Attributes } from '../tracing.ts';
import { annotationKey } from './xray-ids.ts';

/** What is used of a subsegment of the X-Ray SDK. */
export interface Segment {
  readonly id: string;
  name: string;
  addAnnotation(key: string, value: string | number | boolean): void;
  addMetadata(key: string, value: unknown): void;
  addAttribute(name: string, value: unknown): void;
  addError(error: Error | string): void;
  addFaultFlag(): void;
  addNewSubsegment(name: string): Segment;
  close(): void;
}

/** Adds attributes to a segment: lists as metadata, anything else as annotations, which X-Ray searches. */
export function annotate(segment: Segment | undefined, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    faultless(() => {
      if (typeof value === 'object') segment?.addMetadata(annotationKey(name), value);
      else if (value !== undefined) segment?.addAnnotation(annotationKey(name), value);
    });
  }
}
