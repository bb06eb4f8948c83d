import { startHost } from '../../tools/host/host.ts';

/** A host in a process of its own, for tests that kill it: `node host-process.ts ASSEMBLY_FOLDER DATA_FOLDER`. */
const [assemblyFolder = '', persistFolder = ''] = process.argv.slice(2);
const host = await startHost({ httpPort: 0, awsPort: 0, assemblyFolder, persistFolder });
console.log(JSON.stringify({ awsUrl: host.awsUrl }));
