import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { limits, open, type Compressor, type Verifier } from '@muster/protocol/envelope';
import { fail, faultFrom, ok, type Result } from '@muster/protocol/errors';
import { readPolicyBundle, type PolicyBundle } from '@muster/protocol/policy';
import type { Clock } from '@muster/runtime/effects';

/** What a node knows of a bundle. */
export interface InstalledBundle {
  /** When it was made, in milliseconds since the epoch: the later is the newer. */
  readonly version: number;
  /** Name of who signed it. */
  readonly signer: string;
}

/** The signed policies of a node, and which of them govern. */
export interface PolicyBundles {
  /** What decides: a link to the files that govern, of a bundle or the node's own. */
  readonly folder: string;
  /** Whether a person, by name, may sign policies here, and say which govern. */
  maySign(name: string): boolean;
  /** Newest first; `governing` is null while the node's own files do. */
  status(): Promise<{ readonly governing: InstalledBundle | null; readonly kept: readonly InstalledBundle[] }>;
  /** Lets a signed bundle govern. Errors: those of its frame, signature and content; `policy.signer`, `policy.older`, `storage.failed`. */
  install(frame: Uint8Array): Promise<Result<InstalledBundle>>;
  /** Lets the bundle before the governing one govern, or another that is kept; 0 for the node's own files. Errors: `policy.version`, as above. */
  rollBack(version: number | undefined): Promise<Result<InstalledBundle | null>>;
}

export interface PolicyBundlesOptions {
  /** Where bundles are kept. */
  readonly folder: string;
  /** The node's own policies, which govern while no bundle does. */
  readonly local: string;
  readonly maySign: (name: string) => boolean;
  /** For what comes now. */
  readonly verifier: Verifier;
  /** For what is kept: it believes what was signed before its certificate ran out or was taken back. */
  readonly keptVerifier: Verifier;
  readonly compressor: Compressor;
  readonly clock: Clock;
}

/** Bundles that are kept, the governing one among them. */
const mostKept = 10;

const bundleName = (version: number): string => `${version}.bundle`;

class BundleFolder implements PolicyBundles {
  readonly folder: string;
  readonly #options: PolicyBundlesOptions;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: PolicyBundlesOptions) {
    this.#options = options;
    this.folder = join(options.folder, 'current');
  }

  maySign(name: string): boolean {
    return this.#options.maySign(name);
  }

  async status(): ReturnType<PolicyBundles['status']> {
    const kept: InstalledBundle[] = [];
    for (const version of await this.#versions()) {
      const bundle = await this.#kept(version);
      if (bundle.ok) kept.push({ version, signer: bundle.value.sender });
    }
    const governing = await this.#governing();
    return { governing: kept.find(({ version }) => version === governing) ?? null, kept };
  }

  install(frame: Uint8Array): Promise<Result<InstalledBundle>> {
    const { verifier, keptVerifier, clock } = this.#options;
    return this.#inTurn(async () => {
      const bundle = await this.#open(frame, verifier, clock());
      if (!bundle.ok) return bundle;
      const { version } = bundle.value;
      if (version > clock() + limits.clockSkewMs)
        return fail(
          'policy.version',
          'The bundle comes from the future, and no later one could replace it: the clocks differ',
        );
      // As it will be looked at when the agent starts again.
      const lasting = await this.#open(frame, keptVerifier, version);
      if (!lasting.ok) return lasting;
      const [newest = 0] = await this.#versions();
      if (version < newest)
        return fail('policy.older', `A bundle of ${new Date(newest).toISOString()} is here already, which is newer`, {
          mend: 'Publish it again, or roll back to it.',
        });
      await writeFile(join(this.#options.folder, bundleName(version)), frame, { mode: 0o600 });
      await this.#govern(bundle.value);
      return ok({ version, signer: bundle.value.sender });
    });
  }

  rollBack(version: number | undefined): Promise<Result<InstalledBundle | null>> {
    return this.#inTurn(async () => {
      const governing = await this.#governing();
      return this.#letGovern(version ?? (await this.#versions()).find((one) => one < governing) ?? 0);
    });
  }

  /** Has what governs verified and written anew, so that nothing counts that was changed on the disk. */
  load(): Promise<Result<InstalledBundle | null>> {
    return this.#inTurn(async () => {
      await mkdir(this.#options.folder, { recursive: true, mode: 0o700 });
      return this.#letGovern(await this.#governing());
    });
  }

  /** Lets a bundle govern that is kept and still believed; 0 for the node's own files. */
  async #letGovern(version: number): Promise<Result<InstalledBundle | null>> {
    if (version === 0) {
      await this.#linkLocal();
      return ok(null);
    }
    const bundle = await this.#kept(version);
    if (!bundle.ok) return bundle;
    await this.#govern(bundle.value);
    return ok({ version, signer: bundle.value.sender });
  }

  async #open(frame: Uint8Array, verifier: Verifier, nowMs: number): Promise<Result<PolicyBundle>> {
    const opened = await open(frame, { verifier, compressor: this.#options.compressor, nowMs });
    if (!opened.ok) return opened;
    const bundle = readPolicyBundle(opened.value);
    if (!bundle.ok || this.maySign(bundle.value.sender)) return bundle;
    return fail('policy.signer', `${bundle.value.sender} may not sign policies of this node`);
  }

  /** A bundle that is kept. It is believed as of when it was made. */
  async #kept(version: number): Promise<Result<PolicyBundle>> {
    try {
      const frame = await readFile(join(this.#options.folder, bundleName(version)));
      return await this.#open(frame, this.#options.keptVerifier, version);
    } catch {
      return fail('policy.version', `No bundle of ${new Date(version).toISOString()} is kept`);
    }
  }

  /** Newest first. */
  async #versions(): Promise<readonly number[]> {
    const names = await readdir(this.#options.folder);
    const versions = names.flatMap((name) => /^([1-9]\d{0,15})\.bundle$/.exec(name)?.[1] ?? []).map(Number);
    return versions.sort((left, right) => right - left);
  }

  /** The version that governs; 0 for the node's own files. */
  async #governing(): Promise<number> {
    const target = await readlink(this.folder).catch(() => '');
    return Number(/^files-([1-9]\d{0,15})-/.exec(target)?.[1] ?? 0);
  }

  async #govern({ version, files }: PolicyBundle): Promise<void> {
    const before = await readlink(this.folder).catch(() => '');
    const name = `files-${version}-${process.hrtime.bigint()}`;
    const folder = join(this.#options.folder, name);
    await mkdir(folder, { mode: 0o700 });
    for (const [file, text] of Object.entries(files)) await writeFile(join(folder, file), text, { mode: 0o600 });
    await this.#link(name);
    if (before.startsWith('files-')) await rm(join(this.#options.folder, before), { recursive: true, force: true });
    const others = (await this.#versions()).filter((one) => one !== version);
    for (const old of others.slice(mostKept - 1))
      await rm(join(this.#options.folder, bundleName(old)), { force: true });
  }

  /** A folder that is not there is made, for a link that leads nowhere would deny everything. */
  async #linkLocal(): Promise<void> {
    const { local } = this.#options;
    await mkdir(local, { recursive: true, mode: 0o750 });
    await this.#link(local);
  }

  /** From one moment to the next, others govern. */
  async #link(target: string): Promise<void> {
    const fresh = `${this.folder}.new`;
    await rm(fresh, { force: true });
    await symlink(target, fresh);
    await rename(fresh, this.folder);
  }

  #inTurn<T>(work: () => Promise<Result<T>>): Promise<Result<T>> {
    const safely = async (): Promise<Result<T>> => {
      try {
        return await work();
      } catch (thrown) {
        return fail('storage.failed', `${this.#options.folder} cannot be used: ${faultFrom(thrown).message}`);
      }
    };
    const next = this.#turn.then(safely);
    this.#turn = next;
    return next;
  }
}

/**
 * Opens the signed policies of a node: what governs is verified again. Errors: `storage.failed`, and those of the frame and signature of the
 * bundle that governs, with which the node must not go on.
 */
export async function openPolicyBundles(options: PolicyBundlesOptions): Promise<Result<PolicyBundles>> {
  const bundles = new BundleFolder(options);
  const loaded = await bundles.load();
  if (loaded.ok) return ok(bundles);
  return fail(loaded.error.code, `The policies that govern this node cannot be believed: ${loaded.error.message}`, {
    mend: `Remove ${bundles.folder}: then the node's own files govern, until a bundle is published again.`,
  });
}
