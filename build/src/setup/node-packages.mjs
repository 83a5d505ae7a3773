import { existsSync, readFileSync } from 'node:fs';
import { inCheckout, projectNode } from './checkout.mjs';
import { quietRun } from './quiet-run.mjs';

/** @param {string} file @returns {Record<string, any> | undefined} */
function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/**
 * Whether `node_modules` holds what `package-lock.json` says, by npm's own list of what it installed. Optional packages
 * may be missing: they are for other platforms.
 */
function nodePackagesAreCurrent() {
  const wanted = lockedPackages(inCheckout('package-lock.json'));
  const installed = lockedPackages(inCheckout('node_modules', '.package-lock.json'));
  if (wanted === undefined || installed === undefined) return false;
  return Object.entries(wanted).every(([path, { version, integrity, link, optional }]) => {
    if (!path.startsWith('node_modules/') || link) return true;
    const found = installed[path];
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/**
 * The packages whose install script runs; `.npmrc` stops all others. `node` fetches the binary for this platform from
 * the registry. Everything else ships what it needs: better-sqlite3 brings prebuilt binaries, and a compiler is not
 * something that an operator's machine must have.
 */
const scriptedPackages = ['node'];

/** Installs the packages of the lock file unless they are there. */
export async function ensureNodePackages() {
  if (!nodePackagesAreCurrent()) {
    await quietRun('Installing packages from npm', 'npm', ['ci', '--no-audit', '--no-fund']);
  }
  if (existsSync(projectNode)) return;
  await quietRun('Installing Node', 'npm', ['rebuild', '--ignore-scripts=false', ...scriptedPackages]);
}
