import type { ReadModelStatus } from '../../schema/projections.ts';
import { fractionOf } from './rebuild/parts.ts';
import { ask } from './rebuilder.ts';
import type { Outcome, Session } from './session.ts';

const header = ['read model', 'active', 'previous', 'being built', 'to be deleted', 'parked'];
/** The function counts at most this number. */
const parkedMax = 100;

/** The generations of every read model, as a table. */
export async function status({ functions }: Pick<Session, 'functions'>): Promise<Outcome> {
  const readModels = await ask<'status'>(functions, { action: 'status' });
  return { code: 0, lines: statusTable(readModels), report: { readModels } };
}

/** A line for each read model, under the names of the columns. */
export function statusTable(readModels: readonly ReadModelStatus[]): string[] {
  const rows = [header, ...readModels.map(cells)];
  const widths = header.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

function cells({ readModel, active, previous, building, removing, parked }: ReadModelStatus): string[] {
  return [
    readModel,
    active,
    previous ?? '-',
    building ? buildingText(building) : '-',
    removing.map(({ generation }) => generation).join(', ') || '-',
    parked >= parkedMax ? `${parkedMax} or more` : String(parked),
  ];
}

function buildingText(building: NonNullable<ReadModelStatus['building']>): string {
  const { generation, phase, startedAt } = building;
  const percent = Math.floor(fractionOf([...building.progress], building.segments) * 100);
  const how = {
    folding: `folding ${percent} %`,
    following: `comparing ${percent} %`,
    compared: 'ready to switch',
  }[phase];
  return `${generation}: ${how}, since ${startedAt}`;
}
