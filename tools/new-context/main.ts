import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { UserError } from '../host/user-error.ts';
import { namesOf } from './names.ts';
import { writeContext } from './write-context.ts';

const root = join(import.meta.dirname, '../..');

try {
  const { positionals, help } = readArguments(process.argv.slice(2));
  if (help)
    process.stdout.write(
      'npm run new:context -- NAME   writes a small working context and its entry in the catalogue\n',
    );
  else create(positionals);
} catch (error) {
  if (!(error instanceof UserError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

function readArguments(args: readonly string[]) {
  return { positionals: args.filter((arg) => arg !== '--help'), help: args.includes('--help') };
}

function create(positionals: readonly string[]): void {
  if (positionals.length > 1) throw new UserError('Give one name: npm run new:context -- reservation');
  const written = writeContext(root, positionals[0]);
  const biome = join(root, 'node_modules/@biomejs/biome/bin/biome');
  // Names of different lengths break lines in different places.
  execFileSync(
    process.execPath,
    [biome, 'check', '--write', ...written.filter((path) => path.endsWith('.ts'))],
    {
      cwd: root,
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const { name, plural } = namesOf(positionals[0]);
  process.stdout.write(
    `${written.map((path) => `  ${path}`).join('\n')}\n\n` +
      `The context "${name}" is ready. Try it:\n` +
      `  npm run test:only -- contexts/${name}\n` +
      `  npm start, then: curl localhost:3000/${plural} -H 'content-type: application/json' -d '{"title":"First"}'\n` +
      'docs/add-a-context.md says where to change what.\n',
  );
}
