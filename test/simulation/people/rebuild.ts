import type { ReadModelName, ReadModelStatus } from '../../../schema/projections.ts';
import type { Act } from '../plan.ts';
import { ask, askOnce, GivenUp, orGiveUp, statusOf, tell } from './operator.ts';
import { until, workOnParts } from './parts.ts';
import { pause, type Surroundings } from './surroundings.ts';

/** The operator looks at the new generation for this time, in ms, before what follows. */
const [lookMinMs, lookMaxMs] = [1_000, 60_000];
/** A request that was cut off has ended after this time, in ms. */
const cutOffEndsMs = 5_000;

/**
 * Rebuilds a read model by the requests of `npm run projections -- rebuild`, or resumes a rebuild that was begun, and switches. A
 * generation with streams that cannot be folded is given up. @throws {GivenUp}
 */
export async function rebuild(around: Surroundings, readModel: ReadModelName, parts: number): Promise<void> {
  const found = await statusOf(around, readModel);
  const begun = await ask<'begin'>(around, {
    ...{ action: 'begin', readModel, segments: parts },
    ...(found.building && { resume: true }),
  });
  const { generation, segments, phase } = buildingOf(begun);
  const words = found.building ? 'resumes the rebuild of' : 'rebuilds';
  tell(
    around,
    () => `${words} ${readModel} into ${generation}, beside ${begun.active}, in ${segments} parts`,
  );
  const build = { readModel, generation, segments };
  if (phase === 'folding') await workOnParts(around, { ...build, action: 'fold' });
  const parked = phase === 'compared' ? parkedIn(begun) : await compare(around, build);
  if (parked > 0) {
    tell(around, () => `gives up ${generation} of ${readModel}: ${parked} streams cannot be folded`);
    await ask<'discard'>(around, { action: 'discard', readModel });
    return;
  }
  await ask<'switch'>(around, { action: 'switch', readModel, generation });
  tell(around, () => `has switched ${readModel} to ${generation}`);
}

interface Build {
  readonly readModel: ReadModelName;
  readonly generation: string;
  readonly segments: number;
}

/** Lets projectors write the generation, and compares it when all of them do. Returns the number of parked streams. */
async function compare(around: Surroundings, build: Build): Promise<number> {
  const { readModel, generation } = build;
  const following = await ask<'follow'>(around, { action: 'follow', readModel, generation });
  const { readyAt } = buildingOf(following);
  tell(around, () => `has ${generation} of ${readModel} written from now on, and waits until ${readyAt}`);
  if (readyAt !== undefined) await until(around, readyAt);
  const parked = await workOnParts(around, { ...build, action: 'compare' });
  await ask<'finish'>(around, { action: 'finish', readModel, generation });
  return parked;
}

function buildingOf({ building, readModel }: ReadModelStatus) {
  if (building) return building;
  throw new GivenUp(`No generation of ${readModel} is being built.`);
}

function parkedIn({ building }: ReadModelStatus): number {
  return (building?.progress ?? []).reduce((sum, { parked }) => sum + parked, 0);
}

/** The whole act: the rebuild, and after a look at it what follows. `isAlone`: no other operator is at work in the history. */
export async function carryOutRebuild(
  around: Surroundings,
  act: Extract<Act, { kind: 'rebuild' }>,
  { isAlone }: { readonly isAlone: boolean },
): Promise<void> {
  const { readModel, parts } = act;
  const random = around.world.random.of(`operator/rebuild of ${readModel} at ${act.atMs}`);
  const isBuilt = await orGiveUp(around, `the rebuild of ${readModel}`, () =>
    rebuild(around, readModel, parts),
  );
  if (!isBuilt) return;
  await pause(around, random.between(lookMinMs, lookMaxMs));
  if (act.then === 'drop') {
    await orGiveUp(around, `dropping the previous generation of ${readModel}`, async () => {
      tell(around, () => `drops the previous generation of ${readModel}`);
      await ask<'drop'>(around, { action: 'drop', readModel });
      await removeAll(around, readModel);
    });
    return;
  }
  const undos = { undo: 1, 'undo-twice': 2, nothing: 0 }[act.then];
  for (let count = 0; count < undos; count += 1) {
    await orGiveUp(around, `the undo of ${readModel}`, () => undo(around, readModel, isAlone));
    await pause(around, random.between(lookMinMs, lookMaxMs));
  }
}

/** A second undo undoes the first, so it is never repeated without a look at the status. */
async function undo(around: Surroundings, readModel: ReadModelName, isAlone: boolean): Promise<void> {
  const before = await statusOf(around, readModel);
  tell(around, () => `undoes the switch of ${readModel}: from ${before.active} back to ${before.previous}`);
  const answer = (await askOnce(around, { action: 'undo', readModel })) as ReadModelStatus | undefined;
  if (answer !== undefined) {
    const { nowMs } = around.world.time;
    const generations = { before: before.active, after: answer.active };
    if (isAlone) around.record.undone({ atMs: nowMs, readModel, ...generations });
    return;
  }
  await pause(around, cutOffEndsMs);
  const { active } = await statusOf(around, readModel);
  tell(around, () => `finds ${active} of ${readModel} active`);
}

/** One request in the middle of what others do. It may be refused, and it is not repeated. */
export async function interfere(
  around: Surroundings,
  { action, readModel }: Extract<Act, { kind: 'interfere' }>,
): Promise<void> {
  await orGiveUp(around, `"${action}" of ${readModel}`, async () => {
    tell(around, () => `asks for "${action}" of ${readModel}`);
    if (action === 'remove') await removeAll(around, readModel, { waits: false });
    else await askOnce(around, { action, readModel });
  });
}

/**
 * Deletes the rows of all generations of a read model that were given up. Whoever does not wait for the time that the status names is
 * refused before it. @throws {GivenUp}
 */
export async function removeAll(
  around: Surroundings,
  readModel: ReadModelName,
  { waits = true }: { readonly waits?: boolean } = {},
): Promise<void> {
  const { removing } = await statusOf(around, readModel);
  for (const { generation, removableAt, segments } of removing) {
    if (waits) await until(around, removableAt);
    await workOnParts(around, { action: 'remove', readModel, generation, segments });
    tell(around, () => `has deleted ${generation} of ${readModel}`);
  }
}

/** Ends what is left of rebuilds: builds end or are given up, and rows that nobody reads are deleted. @throws {GivenUp} */
export async function tidyUp(around: Surroundings, readModel: ReadModelName): Promise<void> {
  const { building } = await statusOf(around, readModel);
  if (building !== undefined) {
    const random = around.world.random.of(`operator/tidy up ${readModel}`);
    if (random.chance(0.5)) await rebuild(around, readModel, building.segments);
    else {
      tell(around, () => `gives up ${building.generation} of ${readModel}`);
      await ask<'discard'>(around, { action: 'discard', readModel });
    }
  }
  await removeAll(around, readModel);
}
