import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** An authority as Puppet 7 makes them: a root, an authority below it that signs, names and no roles in certificates. */
export interface PuppetAuthority {
  /** Both certificates, PEM, as in Puppet's `ca.pem`. */
  readonly caPem: string;
  issue(name: string): { readonly certificatePem: string; readonly keyPem: string };
  revoke(name: string): void;
  /** Both lists, PEM, as in Puppet's `crl.pem`. */
  crlPem(): string;
}

const settings = `[ca]
default_ca = puppet
[puppet]
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
default_md = sha256
default_days = 30
default_crl_days = 1826
policy = names
unique_subject = no
[names]
commonName = supplied
[authority]
basicConstraints = critical,CA:TRUE
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[leaf]
basicConstraints = critical,CA:FALSE
nsComment = "Puppet Server Internal Certificate"
authorityKeyIdentifier = keyid
extendedKeyUsage = critical,serverAuth,clientAuth
keyUsage = critical,keyEncipherment,digitalSignature
subjectKeyIdentifier = hash
`;

const keyKinds = {
  rsa: ['-algorithm', 'rsa', '-pkeyopt', 'rsa_keygen_bits:2048'],
  ec: ['-algorithm', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'],
} as const;

/** Makes one in a folder, by Debian's `openssl`; `kind` is Puppet's `key_type`, here with smaller keys of RSA than Puppet's. */
export function makePuppetAuthority(folder: string, kind: keyof typeof keyKinds): PuppetAuthority {
  const at = (name: string) => join(folder, name);
  const read = (name: string) => readFileSync(at(name), 'utf8');
  const openssl = (cwd: string, ...args: readonly string[]) => execFileSync('openssl', args, { cwd, stdio: 'pipe' });
  const makeRequest = (cwd: string, name: string, subject: string) => {
    openssl(cwd, 'genpkey', ...keyKinds[kind], '-out', `${name}.key`);
    openssl(cwd, 'req', '-new', '-key', `${name}.key`, '-subj', `/CN=${subject}`, '-out', `${name}.csr`);
  };
  const authority = (name: string) => ({
    folder: at(name),
    run: (...args: readonly string[]) =>
      openssl(at(name), 'ca', '-config', 'ca.cnf', '-cert', 'ca.pem', '-keyfile', 'ca.key', '-batch', ...args),
  });
  const [root, signing] = [authority('root'), authority('signing')];
  for (const one of [root, signing]) {
    mkdirSync(one.folder, { recursive: true });
    writeFileSync(join(one.folder, 'ca.cnf'), settings);
    writeFileSync(join(one.folder, 'index.txt'), '');
    writeFileSync(join(one.folder, 'serial'), '01\n');
    writeFileSync(join(one.folder, 'crlnumber'), '00\n');
  }
  makeRequest(root.folder, 'ca', 'Puppet Root CA: 1234567890abcdef');
  root.run('-selfsign', '-in', 'ca.csr', '-extensions', 'authority', '-out', 'ca.pem', '-notext');
  makeRequest(signing.folder, 'ca', 'Puppet CA: puppet.example.com');
  root.run('-in', '../signing/ca.csr', '-extensions', 'authority', '-out', '../signing/ca.pem', '-notext');
  return {
    caPem: read('signing/ca.pem') + read('root/ca.pem'),
    issue(name) {
      makeRequest(signing.folder, name, name);
      signing.run('-in', `${name}.csr`, '-extensions', 'leaf', '-out', `${name}.pem`, '-notext');
      return { certificatePem: read(`signing/${name}.pem`), keyPem: read(`signing/${name}.key`) };
    },
    revoke: (name) => void signing.run('-revoke', `${name}.pem`),
    crlPem() {
      for (const one of [root, signing]) one.run('-gencrl', '-out', 'crl.pem');
      return read('signing/crl.pem') + read('root/crl.pem');
    },
  };
}
