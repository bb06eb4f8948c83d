import { parseSync } from '@swc/core';

/** What the checks of the source tree need to know about a file. */
export interface SourceFacts {
  readonly imports: readonly SourceImport[];
  /** Uses of globals that make code depend on more than its arguments: `process.env`, `Date.now`, `new Date()`. */
  readonly globals: readonly string[];
}

/** One import of a file. */
export interface SourceImport {
  /** As written: `../commit.ts`, `node:crypto`. */
  readonly specifier: string;
  /** True if the import does not exist at run time. */
  readonly typeOnly: boolean;
  /** The names that it imports; undefined if it may be any of the module's. */
  readonly names?: readonly string[] | undefined;
}

/** The watched members of each global. `undefined`: all of them. */
const watchedGlobals: Readonly<Record<string, readonly string[] | undefined>> = {
  process: undefined,
  performance: undefined,
  crypto: undefined,
  Date: ['now'],
  Math: ['random'],
};

/** Parses TypeScript and collects its imports, of every form, and its uses of watched globals. */
export function sourceFacts(text: string): SourceFacts {
  const imports: SourceImport[] = [];
  const globals = new Set<string>();
  visit(parseSync(text, { syntax: 'typescript', target: 'es2024' }), (node) => {
    const imported = importOf(node);
    if (imported) imports.push(imported);
    const used = globalOf(node);
    if (used) globals.add(used);
  });
  return { imports, globals: [...globals].sort() };
}

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}

function visit(value: unknown, see: (node: Node) => void): void {
  if (Array.isArray(value)) {
    for (const element of value) visit(element, see);
  } else if (typeof value === 'object' && value !== null) {
    if (isNode(value)) see(value);
    for (const field of Object.values(value)) visit(field, see);
  }
}

function isNode(value: unknown): value is Node {
  return (
    typeof value === 'object' && value !== null && typeof (value as { type?: unknown }).type === 'string'
  );
}

function importOf(node: Node): SourceImport | undefined {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration': {
      const specifier = textOf(node['source']);
      if (specifier === undefined) return undefined;
      return { specifier, typeOnly: node['typeOnly'] === true, names: importedNames(node) };
    }
    case 'TsImportType': {
      const specifier = textOf(node['argument']);
      return specifier === undefined ? undefined : { specifier, typeOnly: true };
    }
    case 'CallExpression': {
      if (!isNode(node['callee']) || node['callee'].type !== 'Import') return undefined;
      const [argument] = node['arguments'] as readonly { expression: unknown }[];
      return { specifier: textOf(argument?.expression) ?? '(computed)', typeOnly: false };
    }
    default:
      return undefined;
  }
}

/** The names in the braces of `import { ... }`; undefined for other forms. Types in the braces are left out. */
function importedNames(node: Node): readonly string[] | undefined {
  if (node.type !== 'ImportDeclaration') return undefined;
  const specifiers = node['specifiers'] as readonly Node[];
  if (!specifiers.every(({ type }) => type === 'ImportSpecifier')) return undefined;
  return specifiers
    .filter((specifier) => specifier['isTypeOnly'] !== true)
    .map((specifier) => nameOf(specifier['imported']) ?? nameOf(specifier['local']) ?? '(computed)');
}

function globalOf(node: Node): string | undefined {
  switch (node.type) {
    case 'MemberExpression': {
      const object = nameOf(node['object']);
      const member = nameOf(node['property']) ?? textOf((node['property'] as Node)['expression']);
      if (object === undefined || !Object.hasOwn(watchedGlobals, object)) return undefined;
      const members = watchedGlobals[object];
      return members && !members.includes(member ?? '') ? undefined : `${object}.${member ?? '(computed)'}`;
    }
    case 'NewExpression': {
      const now =
        nameOf(node['callee']) === 'Date' && ((node['arguments'] as unknown[] | null)?.length ?? 0) === 0;
      return now ? 'new Date()' : undefined;
    }
    case 'VariableDeclarator': {
      const whole = nameOf(node['init']);
      return whole !== undefined && Object.hasOwn(watchedGlobals, whole) ? `${whole} (whole)` : undefined;
    }
    default:
      return undefined;
  }
}

function nameOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'Identifier' ? String(node['value']) : undefined;
}

function textOf(node: unknown): string | undefined {
  return isNode(node) && node.type === 'StringLiteral' ? String(node['value']) : undefined;
}
