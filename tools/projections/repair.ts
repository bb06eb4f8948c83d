import { number } from './rebuild/parts.ts';
import { ask } from './rebuilder.ts';
import type { Outcome, Session } from './session.ts';
import { whatDiffers } from './verify.ts';

/** Folds one stream from nothing, and replaces what is stored of it. */
export async function repair({ functions }: Pick<Session, 'functions'>, stream: string): Promise<Outcome> {
  const report = await ask<'repair'>(functions, { action: 'repair', stream });
  const { version, events, generations } = report;
  const mended = generations.filter(({ fields, lines }) => fields.length > 0 || lines > 0);
  return {
    code: 0,
    lines: [
      `Folded ${number(events)} events of ${stream}, up to version ${version}.`,
      ...mended.map((each) => `MENDED ${each.readModel} ${each.generation}: ${whatDiffers(each)}`),
      ...(mended.length === 0 ? ['Nothing differed.'] : []),
    ],
    report,
  };
}
