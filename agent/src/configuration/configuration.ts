import { fail, ok, type Result } from '@muster/protocol/errors';
import { loadCredentials, readYamlFile, resolveFrom, type Credentials } from '@muster/runtime/config';
import type { Clock } from '@muster/runtime/effects';
import { finishInstalling } from '@muster/runtime/enrolment';
import { agentSchema, type AgentSettings } from './schema.ts';

/** A configuration that holds: settings checked, paths absolute, files behind it read. */
export interface Configuration {
  readonly file: string;
  readonly settings: AgentSettings;
  readonly credentials: Credentials;
}

function withAbsolutePaths(file: string, settings: AgentSettings): AgentSettings {
  const at = (path: string): string => resolveFrom(file, path);
  const { broker, trust, facts, classes_file: classesFile, log, plugins, policies } = settings;
  return {
    ...settings,
    broker: { ...broker, ...(broker.password_file && { password_file: at(broker.password_file) }) },
    trust: {
      ...trust,
      ca: at(trust.ca),
      certificate: at(trust.certificate),
      key: at(trust.key),
      ...(trust.revocations && { revocations: at(trust.revocations) }),
    },
    facts: { ...facts, files: facts.files.map(at), ...(facts.directory && { directory: at(facts.directory) }) },
    ...(classesFile && { classes_file: at(classesFile) }),
    state: at(settings.state),
    plugins: { ...plugins, folders: plugins.folders.map(at), settings: at(plugins.settings) },
    policies: { ...policies, folder: at(policies.folder) },
    log: { ...log, ...(log.file && { file: at(log.file) }) },
  };
}

/** Proves by a signature that our certificate is a node's, carries this identity, and would be believed by others. */
async function checkCertificate(
  settings: AgentSettings,
  credentials: Credentials,
  nowMs: number,
): Promise<Result<null>> {
  const { signer, verifier } = credentials;
  const probe = new TextEncoder().encode(settings.identity);
  const principal = await verifier.verify(signer.certificate, probe, await signer.sign(probe), nowMs);
  if (!principal.ok) {
    const { code, message } = principal.error;
    return fail(code, `${settings.trust.certificate}: ${message}`, {
      mend: 'Have a new certificate issued for this node.',
    });
  }
  const { role, name } = principal.value;
  if (role === 'node' && name === settings.identity) return ok(null);
  return fail(
    'sender.mismatch',
    `${settings.trust.certificate} is not the certificate of node "${settings.identity}" but of ${role} "${name}"`,
    {
      mend: `Set "identity" to the name in the certificate, or have a certificate issued for "${settings.identity}".`,
    },
  );
}

/**
 * Reads `agent.yaml` and the files that it names.
 *
 * Errors: `config.unreadable`, `config.syntax`, `config.invalid` with file, line and mend; `certificate.untrusted` and
 * `certificate.expired`; `sender.mismatch` when the certificate is another's.
 */
export async function loadConfiguration(file: string, clock: Clock): Promise<Result<Configuration>> {
  const read = await readYamlFile(file, agentSchema);
  if (!read.ok) return read;
  const settings = withAbsolutePaths(file, read.value);
  const { identity, broker, proxy, trust } = settings;
  const finished = await finishInstalling(trust);
  if (!finished.ok) return finished;
  const connectionName = `muster-agent ${identity}`;
  const credentials = await loadCredentials({
    file,
    broker,
    proxy,
    trust,
    collectives: settings.collectives,
    connectionName,
    clock,
  });
  if (!credentials.ok) return credentials;
  const checked = await checkCertificate(settings, credentials.value, clock());
  return checked.ok ? ok({ file, settings, credentials: credentials.value }) : checked;
}
