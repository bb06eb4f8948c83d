// The last step of `npm ci`. JavaScript, because the machine's own Node runs it where the project brings none.
import { existsSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';

const packages = join(import.meta.dirname, '../../node_modules');
const oldestNode = 24;

/** 140 MB that nothing here reads: C headers of Node, CDK's descriptions for other languages, the builds and data of tesseract that tools/bundle does not name. */
const unused = [
  ...inPackages(/^node-(linux|win|darwin|bin)-/, /^(include|share)$/),
  ...inPackages(/^aws-cdk-lib$/, /^\.jsii\..*gz$/),
  ...inPackages(/^@tesseract\.js-data\/eng$/, /^4\.0\.0$/),
  ...inPackages(/^tesseract\.js-core$/, /^tesseract-core(?!-simd-lstm\.(js|wasm)$)/),
];

function inPackages(name, entry) {
  return [...readdirSync(packages), '@tesseract.js-data/eng']
    .filter((folder) => name.test(folder))
    .flatMap((folder) => readdirSync(join(packages, folder)).map((found) => [folder, found]))
    .filter(([, found]) => entry.test(found))
    .map((path) => join(packages, ...path));
}

for (const path of unused) rmSync(path, { recursive: true, force: true });

// Where the registry has no Node for this system, the scripts and `npx node` take the machine's own.
const node = join(packages, '.bin/node');
if (process.platform !== 'win32' && !existsSync(node)) {
  if (Number(process.versions.node.split('.')[0]) < oldestNode) {
    console.error(
      `This system needs Node ${oldestNode} or newer; it has ${process.version}. Install it, then run npm ci again.`,
    );
    process.exit(1);
  }
  rmSync(node, { force: true });
  symlinkSync(process.execPath, node);
}
