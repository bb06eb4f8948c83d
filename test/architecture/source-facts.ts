import { parseSync } from '@swc/core';

/** What the checks of the source tree want to know of a file. */
export interface SourceFacts {
  readonly imports: readonly SourceImport[];
  /** Uses of globals that make code depend on more than its arguments: `process.env`, `Date.now`, `new Date()`. */
  readonly globals: readonly string[];
}

export interface SourceImport {
  /** As written: `../commit.ts`, `node:crypto`. */
  readonly specifier: string;
  /** Gone at run time. */
  readonly typeOnly: boolean;
}

/** `undefined` as the member: any member counts. */
const watchedGlobals: Readonly<Record<string, readonly string[] | undefined>> = {
  process: undefined,
  performance: undefined,
  crypto: undefined,
  Date: ['now'],
  Math: ['random'],
};

/** Parses TypeScript and collects its imports of every form, and the watched globals it uses. */
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
      return specifier === undefined ? undefined : { specifier, typeOnly: node['typeOnly'] === true };
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
