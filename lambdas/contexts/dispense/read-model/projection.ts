import type { ListOf } from '../../../../schema/contexts.ts';
import { idOfStream, type Personal, type Projection, type RecordedEvent } from '../../../kernel/index.ts';
import type { DispenseStatus } from '../domain/dispense.ts';
import {
  type DataOf,
  type DispenseEvent,
  type DocumentType,
  dispenseEvents,
  type RecordedDrug,
} from '../domain/events.ts';

/** The result of the analysis of the newest prescription. */
export type AnalysisOutcome =
  | {
      readonly outcome: 'analyzed';
      readonly analyzer: 'embedded' | 'bedrock';
      readonly confidence: number;
      readonly drugs: readonly RecordedDrug[];
    }
  | { readonly outcome: 'failed'; readonly reason: string };

/** The newest prescription of a dispense. */
export interface PrescriptionRow {
  readonly key: string;
  readonly sizeBytes: number;
  readonly contentType: DocumentType;
  readonly sha256: Personal<string>;
  readonly uploadedAt: string;
  /** Absent while the analysis runs, and if the dispense was cancelled before the analysis ended. */
  readonly analysis?: AnalysisOutcome;
}

/** A dispense as queries see it. Its personal fields are those of the events, plain or in their envelopes. */
export interface DispenseRow {
  readonly id: string;
  readonly state: DispenseStatus;
  readonly patient?: DataOf<'Dispense:PatientAdded'>;
  /** The drugs to hand over, in the order in which they were added. */
  readonly drugs: readonly RecordedDrug[];
  /** The newest prescription. */
  readonly prescription?: PrescriptionRow;
  readonly cancelReason?: Personal<string>;
  readonly startedAt: string;
  /** When the dispense was completed or cancelled. */
  readonly endedAt?: string;
  readonly updatedAt: string;
}

/** The read model of dispenses. Rows have no lines: the history of a dispense is its stream. */
export const dispenseProjection: Projection<DispenseEvent, DispenseRow, never, ListOf<'dispense'>> = {
  name: 'dispense',
  category: 'dispense',
  events: dispenseEvents,
  project: (row, event) => {
    if (event.type === 'Dispense:Started') return { row: started(event) };
    if (row === undefined) throw new Error(`${event.stream} does not begin with Dispense:Started.`);
    return { row: { ...row, ...changes(row, event), updatedAt: event.committedAt } };
  },
  listKeys: ({ id, state, startedAt }) => ({
    byStart: `${startedAt}#${id}`,
    byState: `${statusKey(state)}${startedAt}#${id}`,
  }),
};

/** In the list `byState`, the keys of all dispenses in this state begin with it. */
export function statusKey(state: DispenseStatus): string {
  return `${state}#`;
}

function started({ stream, committedAt, data }: RecordedEvent & { data: { at: string } }): DispenseRow {
  return {
    id: idOfStream(stream),
    state: 'pending',
    drugs: [],
    startedAt: data.at,
    updatedAt: committedAt,
  };
}

function changes(
  row: DispenseRow,
  event: Exclude<DispenseEvent, { type: 'Dispense:Started' }>,
): Partial<DispenseRow> {
  switch (event.type) {
    case 'Dispense:PrescriptionUploaded': {
      const { at, ...document } = event.data;
      return { state: 'analyzing', prescription: { ...document, uploadedAt: at } };
    }
    case 'Dispense:PrescriptionAnalyzed': {
      const { analyzer, confidence, drugs } = event.data;
      return analyzed(row, { outcome: 'analyzed', analyzer, confidence, drugs });
    }
    case 'Dispense:AnalysisFailed':
      return analyzed(row, { outcome: 'failed', reason: event.data.reason });
    case 'Dispense:PatientAdded':
      return { patient: event.data };
    case 'Dispense:DrugsAdded':
      return { drugs: [...row.drugs, ...event.data.drugs] };
    case 'Dispense:Completed':
      return { state: 'complete', endedAt: event.data.at };
    case 'Dispense:Cancelled':
      return { state: 'cancelled', cancelReason: event.data.reason, endedAt: event.data.at };
    default: {
      const unknown: never = event;
      throw new TypeError(`Not a dispense event: ${(unknown as DispenseEvent).type}`);
    }
  }
}

function analyzed({ prescription }: DispenseRow, analysis: AnalysisOutcome): Partial<DispenseRow> {
  return prescription ? { state: 'ready', prescription: { ...prescription, analysis } } : {};
}

export default dispenseProjection;
