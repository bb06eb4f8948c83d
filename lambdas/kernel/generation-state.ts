import { removingMax, segmentsMax } from './generation-changes.ts';
import { type GenerationState, generationNumber } from './generations.ts';

/** What is stored as the generations of a read model is not a state. A person has to correct it. */
export class InvalidGenerationsError extends Error {
  override readonly name = 'InvalidGenerationsError';
}

type Fields = Readonly<Record<string, unknown>>;

const phases: readonly unknown[] = ['folding', 'following', 'compared'];

/**
 * The state that a value is. Throws {@link InvalidGenerationsError} with everything that is wrong with it, because half a state is
 * worse than none. Unknown fields are wrong too: a misspelt field would otherwise be ignored.
 * @param item the name of the stored item, for the message
 */
export function generationState(value: unknown, item: string): GenerationState {
  const faults = faultsOf(value);
  if (faults.length === 0) return value as GenerationState;
  throw new InvalidGenerationsError(
    `The item ${item} of the control table is no state of generations: ${faults.join('; ')}. Correct it by hand.`,
  );
}

/**
 * The state after a change, with the next revision. Throws {@link InvalidGenerationsError} if it is no state, or if numbers of
 * generations could be used again.
 */
export function nextState(from: GenerationState, to: GenerationState, item: string): GenerationState {
  if (to.last < from.last) {
    throw new InvalidGenerationsError(
      `The item ${item} must not have a lower \`last\`: numbers of generations are never used again.`,
    );
  }
  return generationState({ ...to, revision: from.revision + 1 }, item);
}

function faultsOf(value: unknown): readonly string[] {
  if (!isObject(value)) return ['it is no object'];
  const { revision, last, active, previous, building, removing } = value;
  const faults = [
    ...unknownFields(value, ['revision', 'last', 'active', 'previous', 'building', 'removing'], ''),
    ...check(isCount(revision, 1), '`revision` is no whole number from 1'),
    ...check(isCount(last, 1), '`last` is no whole number from 1'),
    ...check(isGeneration(active), '`active` is no generation such as g1'),
    ...check(previous === undefined || isGeneration(previous), '`previous` is no generation such as g1'),
    ...(building === undefined ? [] : faultsOfBuilding(building)),
    ...(removing === undefined ? [] : faultsOfRemoving(removing)),
  ];
  return faults.length > 0 ? faults : faultsOfNames(value as unknown as GenerationState);
}

function faultsOfBuilding(building: unknown): readonly string[] {
  if (!isObject(building)) return ['`building` is no object'];
  const { generation, phase, segments, startedAt, followingSince } = building;
  const isFollowing = phase !== 'folding';
  const fields = ['generation', 'phase', 'segments', 'startedAt', 'followingSince'];
  return [
    ...unknownFields(building, fields, 'building.'),
    ...check(isGeneration(generation), '`building.generation` is no generation such as g2'),
    ...check(phases.includes(phase), '`building.phase` is not folding, following or compared'),
    ...check(
      isCount(segments, 1) && segments <= segmentsMax,
      `\`building.segments\` is no whole number from 1 to ${segmentsMax}`,
    ),
    ...check(isInstant(startedAt), '`building.startedAt` is no instant'),
    ...check(
      isFollowing ? isInstant(followingSince) : followingSince === undefined,
      isFollowing
        ? '`building.followingSince` is no instant'
        : '`building.followingSince` is present before the phase following',
    ),
  ];
}

function faultsOfRemoving(removing: unknown): readonly string[] {
  if (!Array.isArray(removing) || removing.length > removingMax) {
    return [`\`removing\` is no list of at most ${removingMax}`];
  }
  return removing.flatMap((one: unknown, index) => {
    if (!isObject(one)) return [`\`removing[${index}]\` is no object`];
    return [
      ...unknownFields(one, ['generation', 'since'], `removing[${index}].`),
      ...check(isGeneration(one['generation']), `\`removing[${index}].generation\` is no generation`),
      ...check(isInstant(one['since']), `\`removing[${index}].since\` is no instant`),
    ];
  });
}

/** Each generation has one role, and a number that was given. */
function faultsOfNames({ last, active, previous, building, removing = [] }: GenerationState) {
  const names = [
    active,
    ...(previous === undefined ? [] : [previous]),
    ...(building === undefined ? [] : [building.generation]),
    ...removing.map(({ generation }) => generation),
  ];
  const isPast = (name: string) => (generationNumber(name) ?? 0) > last;
  return [
    ...check(new Set(names).size === names.length, 'a generation is named twice'),
    ...check(!names.some(isPast), `a generation has a number after \`last\`, which is ${last}`),
  ];
}

function check(isRight: boolean, fault: string): readonly string[] {
  return isRight ? [] : [fault];
}

function unknownFields(value: Fields, known: readonly string[], prefix: string): readonly string[] {
  return Object.keys(value)
    .filter((name) => !known.includes(name))
    .map((name) => `\`${prefix}${name.slice(0, 40)}\` is no field`);
}

function isObject(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCount(value: unknown, from: number): value is number {
  return Number.isSafeInteger(value) && (value as number) >= from;
}

function isGeneration(value: unknown): boolean {
  return typeof value === 'string' && generationNumber(value) !== undefined;
}

/** ISO 8601, UTC, ms: exactly what `Date` writes. */
function isInstant(value: unknown): boolean {
  if (typeof value !== 'string') return false;
  const ms = Date.parse(value);
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value;
}
