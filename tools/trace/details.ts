import { ownAttributes, standardAttributes } from '../../schema/tracing.ts';
import type { Attributes, Span, SpanEvent, Value } from './span.ts';

/** Places of commits that a line names. */
const placesMax = 3;

/** The name of a resource without the system, the stage, and the id that CloudFormation adds to it. */
export function resourceName(text: string): string {
  return text.replace(/\bstreamfold-[a-z0-9]+-([\w-]+?)[0-9A-F]{8}\b/g, '$1');
}

/** What a line says about a span besides its name: what tells it from others of the name. */
export function detailsOf(span: Span): readonly string[] {
  const { name, attributes } = span;
  const said = `${name} ${span.isError ? errorOf(span) : ''}`.toLowerCase();
  const has = (text: string) => said.includes(text.toLowerCase());
  const texts = [
    text(attributes, standardAttributes.httpStatus),
    attributes[standardAttributes.faasColdStart] === true ? 'cold start' : undefined,
    counted(attributes[standardAttributes.messagingBatchCount], 'message'),
    placesOf(attributes),
    counted(attributes[ownAttributes.events], 'event'),
    text(attributes, ownAttributes.consumer),
    tableOf(attributes),
    text(attributes, standardAttributes.messagingDestination),
    text(attributes, standardAttributes.s3Bucket),
    attemptsOf(attributes[ownAttributes.attempts]),
    text(attributes, ownAttributes.problem),
  ];
  return texts.filter((each) => each !== undefined && !has(each)).map((each) => resourceName(String(each)));
}

/** The reason of a span that failed. */
export function errorOf({ attributes }: Span): string {
  const type = text(attributes, standardAttributes.errorType);
  return type === undefined ? 'ERROR' : `ERROR ${type}`;
}

/** `conflict version=12`: the names of our own attributes without what they have in common. */
export function eventText({ name, attributes }: SpanEvent): string {
  const pairs = Object.entries(attributes).map(
    ([key, value]) => `${key.replace(/^streamfold\./, '')}=${value}`,
  );
  return [name, ...pairs].join(' ');
}

function placesOf(attributes: Attributes): string | undefined {
  const commits = attributes[ownAttributes.commits];
  if (!Array.isArray(commits) || commits.length === 0) return text(attributes, ownAttributes.stream);
  const more = commits.length - placesMax;
  return [...commits.slice(0, placesMax), ...(more > 0 ? [`and ${more} more`] : [])].join(' ');
}

function tableOf(attributes: Attributes): string | undefined {
  const tables = attributes[standardAttributes.dynamodbTables];
  if (Array.isArray(tables)) return tables.length === 0 ? undefined : tables.join(' ');
  return text(attributes, standardAttributes.dbCollection);
}

function attemptsOf(attempts: Value | undefined): string | undefined {
  return typeof attempts === 'number' && attempts > 1 ? `${attempts} attempts` : undefined;
}

function counted(count: Value | undefined, of: string): string | undefined {
  if (typeof count !== 'number') return undefined;
  return `${count} ${of}${count === 1 ? '' : 's'}`;
}

/** Undefined: absent, empty, or a list. */
function text(attributes: Attributes, name: string): string | undefined {
  const value = attributes[name];
  return value === undefined || value === '' || Array.isArray(value) ? undefined : String(value);
}
