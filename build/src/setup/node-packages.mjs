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
  if (wanted === undefined || installed === undefined || !existsSync(projectNode)) return false;
  return Object.entries(wanted).every(([path, { version, integrity, link, optional }]) => {
    if (!path.startsWith('node_modules/') || link) return true;
    const found = installed[path];
    if (found === undefined) return optional === true;
    return found.version === version && found.integrity === integrity;
  });
}

/** Installs the packages of the lock file unless they are there. */
export async function ensureNodePackages() {
  if (nodePackagesAreCurrent()) return;
  await quietRun('Installing packages from npm', 'npm', ['ci', '--no-audit', '--no-fund']);
}
