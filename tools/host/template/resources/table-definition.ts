/** A table as a template defines it, in the words of DynamoDB's API. */
export interface TableDefinition {
  readonly AttributeDefinitions: readonly AttributeDefinition[];
  readonly KeySchema: readonly KeyElement[];
  readonly GlobalSecondaryIndexes?: readonly IndexDefinition[];
  readonly StreamSpecification?: { readonly StreamViewType?: string };
}

/** A table as an engine describes it. */
export interface TableDescription extends TableDefinition {
  readonly TableStatus: string;
  readonly LatestStreamArn?: string;
  readonly GlobalSecondaryIndexes?: readonly (IndexDefinition & { readonly IndexStatus?: string })[];
}

export interface IndexDefinition {
  readonly IndexName: string;
  readonly KeySchema: readonly KeyElement[];
  readonly Projection?: { readonly ProjectionType?: string; readonly NonKeyAttributes?: readonly string[] };
}

interface AttributeDefinition {
  readonly AttributeName: string;
  readonly AttributeType: string;
}

interface KeyElement {
  readonly AttributeName: string;
  readonly KeyType: string;
}

/** The keys of a table, as text that is equal for equal keys. */
export function keysOf(table: TableDefinition): string {
  return JSON.stringify(withTypes(table.KeySchema, table));
}

/** An index of a table, as text that is equal for indexes that need not be made again. */
export function indexText(index: IndexDefinition, table: TableDefinition): string {
  const { ProjectionType, NonKeyAttributes = [] } = index.Projection ?? {};
  return JSON.stringify([
    index.IndexName,
    withTypes(index.KeySchema, table),
    ProjectionType,
    [...NonKeyAttributes].sort(),
  ]);
}

/** The attributes that the keys of a table and of these indexes use. DynamoDB refuses others. */
export function attributesOf(
  table: TableDefinition,
  indexes: readonly IndexDefinition[],
): readonly AttributeDefinition[] {
  const names = new Set([table, ...indexes].flatMap(({ KeySchema }) => KeySchema.map(nameOf)));
  return table.AttributeDefinitions.filter((attribute) => names.has(attribute.AttributeName));
}

function withTypes(schema: readonly KeyElement[], { AttributeDefinitions }: TableDefinition): string[] {
  const typeOf = new Map(
    AttributeDefinitions.map(({ AttributeName, AttributeType }) => [AttributeName, AttributeType]),
  );
  return schema
    .map(({ AttributeName, KeyType }) => `${KeyType} ${AttributeName} ${typeOf.get(AttributeName)}`)
    .sort();
}

function nameOf({ AttributeName }: KeyElement): string {
  return AttributeName;
}
