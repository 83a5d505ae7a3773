import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { unwrap } from '@muster/protocol/errors';
import type { Signer } from '@muster/protocol/envelope';
import type { Role } from '@muster/protocol/identity';
import { createSigner } from '@muster/runtime/crypto';
import { createAuthority, issueCertificate, type Authority } from '@muster/runtime/pki';

/** A folder with an authority and the files of nodes, as a fleet's home has them. */
export interface TestHome {
  readonly folder: string;
  readonly authority: Authority;
  /** Writes `nodes/IDENTITY/` with everything that an agent needs; gives the path of its `agent.yaml`. */
  addNode(identity: string, options?: NodeOptions): Promise<string>;
  /** Signs as somebody of that role with a new certificate of this home's authority. */
  signerOf(role: Role, name: string): Promise<Signer>;
  remove(): Promise<void>;
}

export interface NodeOptions {
  /** Where its broker is; nowhere when absent. */
  readonly broker?: string;
  /** YAML that is added to the configuration. */
  readonly yaml?: string;
  /** Files of policies by name; without any, every person may do everything. */
  readonly policies?: Readonly<Record<string, string>>;
  /** A list of what the authority took back, PEM, in `crl.pem`; none is configured without. */
  readonly revocations?: string;
  /** Certificate and key of the node, those of its authority, and further settings of `trust`; the home's authority issues them when absent. */
  readonly trust?: {
    readonly caPem: string;
    readonly certificatePem: string;
    readonly keyPem: string;
    readonly yaml?: string;
  };
  readonly facts?: string;
  readonly classes?: readonly string[];
  /** YAML of `plugin.d`, by name of the plugin. */
  readonly pluginSettings?: Readonly<Record<string, string>>;
}

const secret = { mode: 0o600 };

function agentYaml(identity: string, { broker, yaml = '', policies, revocations, trust }: NodeOptions): string {
  return `identity: ${identity}
broker:
  urls: [${broker ?? 'amqps://127.0.0.1:1'}]
trust: { ca: ca.pem, certificate: node.pem, key: node.key${revocations === undefined ? '' : ', revocations: crl.pem'}${trust?.yaml === undefined ? '' : `, ${trust.yaml}`} }
facts: { builtin: false, files: [facts.yaml], directory: facts.d }
classes_file: classes.txt
state: state
${policies === undefined ? 'policies: { allow_unconfigured: true }\n' : ''}${yaml}`;
}

export async function createTestHome(given?: Authority): Promise<TestHome> {
  const folder = await mkdtemp(join(tmpdir(), 'muster agent test '));
  const authority = given ?? (await createAuthority({ name: 'Test authority', clock: () => Date.now() }));
  return {
    folder,
    authority,
    async addNode(identity, options = {}) {
      const node = join(folder, 'nodes', identity);
      const pluginFolder = join(node, 'plugin.d');
      await mkdir(join(node, 'facts.d'), { recursive: true });
      await mkdir(pluginFolder, { recursive: true });
      if (options.policies !== undefined) await mkdir(join(node, 'policies'), { recursive: true });
      const own = async () => ({
        caPem: authority.certificatePem,
        ...(await issueCertificate(authority, { role: 'node', name: identity, validDays: 1 })),
      });
      const { caPem, certificatePem, keyPem } = options.trust ?? (await own());
      await Promise.all([
        writeFile(join(node, 'ca.pem'), caPem),
        writeFile(join(node, 'node.pem'), certificatePem),
        writeFile(join(node, 'node.key'), keyPem, secret),
        writeFile(join(node, 'facts.yaml'), options.facts ?? 'os: { name: Debian, family: Debian }\nrack: 7\n'),
        writeFile(join(node, 'classes.txt'), (options.classes ?? ['base', 'apache']).join('\n')),
        writeFile(join(node, 'agent.yaml'), agentYaml(identity, options)),
        ...(options.revocations === undefined ? [] : [writeFile(join(node, 'crl.pem'), options.revocations)]),
        ...Object.entries(options.policies ?? {}).map(([name, text]) => writeFile(join(node, 'policies', name), text)),
        ...Object.entries(options.pluginSettings ?? {}).map(([name, text]) =>
          writeFile(join(pluginFolder, `${name}.yaml`), text),
        ),
      ]);
      return join(node, 'agent.yaml');
    },
    async signerOf(role, name) {
      return unwrap(await createSigner(await issueCertificate(authority, { role, name, validDays: 1 })));
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
