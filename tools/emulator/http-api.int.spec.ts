import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from '@jest/globals';
import { listen } from '../host/engines/free-port.ts';
import { settingsFor } from './http-api.ts';

const cleanups: (() => void)[] = [];
afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

interface Emulator {
  readonly hasApiGateway: boolean;
  /** The outputs of the stack that is deployed. Default: there is none. */
  readonly outputs?: Readonly<Record<string, string>>;
}

async function emulator({ hasApiGateway, outputs }: Emulator) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const body = await text(request);
    asked.push(
      request.method === 'GET' ? String(request.url) : String(new URLSearchParams(body).get('Action')),
    );
    if (request.url === '/v2/apis') {
      const answer = hasApiGateway ? { items: [] } : { message: 'Not in your plan.' };
      response.writeHead(hasApiGateway ? 200 : 501).end(JSON.stringify(answer));
      return;
    }
    response.writeHead(outputs === undefined ? 400 : 200).end(describedStack(outputs ?? {}));
  });
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  return { endpoint: `http://localhost:${await listen(server, 0, '--port')}`, asked };
}

const describedStack = (
  outputs: Readonly<Record<string, string>>,
) => `<DescribeStacksResponse><Stacks><member><Outputs>
${Object.entries(outputs)
  .map(([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`)
  .join('\n')}
</Outputs></member></Stacks></DescribeStacksResponse>`;

const httpApiUrl = 'https://abc.execute-api.us-east-1.amazonaws.com';
const deployed = { ApiFunctionName: 'streamfold-local-api', HttpApiUrl: httpApiUrl };

async function chosen(options: Emulator, settings?: string) {
  const { endpoint, asked } = await emulator(options);
  const said: string[] = [];
  const result = await settingsFor({
    endpoint,
    stackName: 'streamfold-local',
    settings,
    say: (sentence) => said.push(sentence),
  });
  return { settings: result, said: said.map((sentence) => sentence.replaceAll(endpoint, 'EMULATOR')), asked };
}

const refused =
  'The emulator at EMULATOR refuses API Gateway V2: "Not in your plan.". So streamfold-local is deployed without an HTTP API, ' +
  `and its function is invoked directly. --settings '{"httpApi":"on"}' tries it with one.`;
const removed =
  `This removes the HTTP API that streamfold-local has now (${httpApiUrl}), with its routes, its access log and its alarm. ` +
  `Everything else stays, with its data. --settings '{"httpApi":"on"}' keeps it.`;

describe('the settings for an emulator', () => {
  it.each([undefined, '{"logLevel":"DEBUG"}'])(
    'with API Gateway V2 are those of the person: %s',
    async (own) => {
      const { settings, said } = await chosen({ hasApiGateway: true, outputs: deployed }, own);
      expect({ settings, said }).toEqual({ settings: own, said: [] });
    },
  );

  it.each([
    [undefined, '{"httpApi":"off"}'],
    ['{"logLevel":"DEBUG"}', '{"logLevel":"DEBUG","httpApi":"off"}'],
  ])('without API Gateway V2 have no HTTP API: %s', async (own, expected) => {
    const { settings, said } = await chosen({ hasApiGateway: false }, own);
    expect({ settings, said }).toEqual({ settings: expected, said: [refused] });
  });

  it('say what a deployment removes, with or without API Gateway V2', async () => {
    const automatic = await chosen({ hasApiGateway: false, outputs: deployed });
    expect(automatic.said).toEqual([refused, removed]);
    const byHand = await chosen({ hasApiGateway: true, outputs: deployed }, '{"httpApi":"off"}');
    expect(byHand).toEqual({ settings: '{"httpApi":"off"}', said: [removed], asked: ['DescribeStacks'] });
  });

  it('say nothing where no HTTP API is deployed', async () => {
    const outputs = { ApiFunctionName: 'streamfold-local-api' };
    expect((await chosen({ hasApiGateway: true, outputs }, '{"httpApi":"off"}')).said).toEqual([]);
  });

  it.each(['{"httpApi":"on"}', '[]', 'no JSON'])(
    'are left alone, and the emulator is not asked: %s',
    async (own) => {
      expect(await chosen({ hasApiGateway: false, outputs: deployed }, own)).toEqual({
        settings: own,
        said: [],
        asked: [],
      });
    },
  );
});
