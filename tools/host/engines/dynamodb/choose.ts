import { messageOf, UserError } from '../../user-error.ts';
import type { Engine } from '../engine.ts';
import {
  type DynamodbEngineName,
  dynamodbEngines,
  engineNames,
  engineOfData,
  type StartOptions,
} from './engines.ts';
import { useExternalDynamodb } from './external.ts';

/** Which DynamoDB the host uses: one that runs at a URL, one of the engines, or, without either, the best that this machine has. */
export interface DynamodbChoice {
  readonly dynamodbUrl?: string;
  readonly dynamodbEngine?: DynamodbEngineName;
}

/** The value of `--dynamodb`. @throws {UserError} for a value that is neither an engine nor a URL. */
export function parseDynamodb(value: string): DynamodbChoice {
  const engine = engineNames.find((name) => name === value);
  if (engine !== undefined) return { dynamodbEngine: engine };
  if (/^https?:/.test(value)) return { dynamodbUrl: value };
  throw new UserError(
    `--dynamodb must be ${engineNames.join(', ')} or a URL such as http://localhost:8000, not "${value}".`,
  );
}

/**
 * Starts the DynamoDB of the host. An engine that this machine has, but that does not start, is an error: the next one might hide a
 * fault.
 * @throws {UserError} when there is none, when it does not start, or when the folder has data of another.
 */
export async function startDynamodb(choice: DynamodbChoice, options: StartOptions): Promise<Engine> {
  const { folder, isKept } = options;
  const kept = isKept ? engineOfData(folder) : undefined;
  if (kept !== undefined) requireSame(choice, kept, folder);
  if (choice.dynamodbUrl !== undefined) return useExternalDynamodb(choice.dynamodbUrl);
  requirePosix();
  const wanted = choice.dynamodbEngine ?? kept;
  const start = wanted === undefined ? await findBest(isKept) : await find(wanted, isKept);
  const engine = await start(options);
  if (engine.name !== usualEngine) options.say(`The host uses ${engine.name} as its DynamoDB.`);
  return engine;
}

/** No engine reads the data of another. */
function requireSame(
  { dynamodbUrl, dynamodbEngine }: DynamodbChoice,
  kept: DynamodbEngineName,
  folder: string,
) {
  if (dynamodbUrl === undefined && (dynamodbEngine ?? kept) === kept) return;
  throw new UserError(
    `${folder} has data of ${dynamodbEngines[kept].title}, which nothing else can read: use --dynamodb ${kept}, or another folder.`,
  );
}

/** Guards of engines are scripts of a shell. */
function requirePosix(): void {
  if (process.platform !== 'win32') return;
  throw new UserError(
    'The host does not run on Windows itself. It runs in WSL 2 (wsl --install), as on Linux; docs/platforms.md says more.',
  );
}

const usualEngine = dynamodbEngines.dynoxide.title;

type Start = (options: StartOptions) => Promise<Engine>;

async function find(name: DynamodbEngineName, isKept: boolean): Promise<Start> {
  const { title, dataFile, find } = dynamodbEngines[name];
  if (isKept && dataFile === undefined) {
    throw new UserError(
      `${title} keeps data in memory only: leave --persist out, or use --dynamodb dynoxide or java.`,
    );
  }
  return find();
}

async function findBest(isKept: boolean): Promise<Start> {
  const missing: string[] = [];
  for (const name of engineNames) {
    try {
      return await find(name, isKept);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      missing.push(`  ${messageOf(error)}`);
    }
  }
  throw new UserError(
    `This machine has no DynamoDB that the host can start. One of these is enough:
${missing.join('\n')}
  A DynamoDB that already runs: npm start -- --dynamodb URL
docs/platforms.md says what each system needs.`,
  );
}
