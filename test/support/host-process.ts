import { startHost } from '../../tools/host/host.ts';

/**
 * A host in a process of its own, for tests that kill it: `node host-process.ts ASSEMBLY_FOLDER DATA_FOLDER`. When it is ready, it
 * prints its addresses as a line of JSON. It ends with the process that started it.
 */
const [assemblyFolder = '', persistFolder = ''] = process.argv.slice(2);
process.stdin.resume().once('end', () => process.exit(1));
const { httpUrl, awsUrl } = await startHost({ httpPort: 0, awsPort: 0, assemblyFolder, persistFolder });
console.log(JSON.stringify({ httpUrl, awsUrl }));
