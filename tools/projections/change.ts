import type { ReadModelName } from '../../schema/projections.ts';
import { ask } from './rebuilder.ts';
import type { Outcome, Session } from './session.ts';
import { statusTable } from './status.ts';

/** Makes the built generation active (`switch`), or the previous one (`undo`). */
export async function change(
  { functions }: Pick<Session, 'functions'>,
  action: 'switch' | 'undo',
  readModel: ReadModelName,
): Promise<Outcome> {
  const status = await ask<typeof action>(functions, { action, readModel });
  return {
    code: 0,
    lines: [
      `${readModel}: ${status.active} is active. Queries follow within seconds.`,
      ...statusTable([status]),
    ],
    report: status,
  };
}
