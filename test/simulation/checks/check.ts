import type { Story } from './story.ts';

/** Reports a difference. `atMs`: when it shows. */
export type Report = (text: string, atMs?: number) => void;

/** A check: its name, and how it judges a history. */
export interface Check {
  readonly name: string;
  readonly judge: (story: Story, report: Report) => void;
}
