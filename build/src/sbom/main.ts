import { join, resolve } from 'node:path';
import { repositoryRoot } from '../fleet/index.ts';
import { makeSbom } from './make-sbom.ts';

// `main.js [FILE]` writes the bill of materials, to `out/muster.cdx.json` when no file is named, and prints where.

const [named] = process.argv.slice(2);
const outFile = named === undefined ? join(repositoryRoot, 'out', 'muster.cdx.json') : resolve(named);
await makeSbom(outFile);
process.stdout.write(`${outFile}\n`);
