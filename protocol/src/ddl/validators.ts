const octet = '(25[0-5]|2[0-4]\\d|1?\\d?\\d)';
const ipv4 = new RegExp(`^${octet}(\\.${octet}){3}$`);
const hexGroup = /^[0-9a-f]{1,4}$/i;
const label = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const hostname = new RegExp(`^${label}(\\.${label})*$`, 'i');

function isIpv6(text: string): boolean {
  const halves = text.split('::');
  if (halves.length > 2) return false;
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  const last = groups.at(-1);
  const embedded = last !== undefined && ipv4.test(last);
  const plain = embedded ? groups.slice(0, -1) : groups;
  const count = plain.length + (embedded ? 2 : 0);
  return plain.every((group) => hexGroup.test(group)) && (halves.length === 2 ? count < 8 : count === 8);
}

const port = /^\d{1,5}$/;

const isHostname = (text: string): boolean => text.length <= 253 && hostname.test(text);

/** A host name, with or without `:PORT`. */
function isServerAddress(text: string, portNeeded: boolean): boolean {
  const [host = '', number, ...rest] = text.split(':');
  if (number === undefined) return !portNeeded && isHostname(host);
  return rest.length === 0 && isHostname(host) && port.test(number) && Number(number) >= 1 && Number(number) <= 65_535;
}

const isUrl = (text: string): boolean => /^https?:\/\/[^\s/?#]+([/?#]\S*)?$/i.test(text);
const isPath = (text: string): boolean => /^\/[^\0]*$/.test(text) && !text.split('/').includes('..');

interface Validator {
  /** Ends the sentence "must be …". */
  readonly meaning: string;
  readonly accepts: (text: string) => boolean;
}

/** The validations that a DDL may name; anything else in `validation` is a regular expression. */
export const validators: Readonly<Record<string, Validator>> = {
  shellsafe: { meaning: 'free of ` $ ; | & > <', accepts: (text) => !/[`$;|&><]/.test(text) },
  ipv4address: { meaning: 'an IPv4 address', accepts: (text) => ipv4.test(text) },
  ipv6address: { meaning: 'an IPv6 address', accepts: isIpv6 },
  ipaddress: { meaning: 'an IP address', accepts: (text) => ipv4.test(text) || isIpv6(text) },
  hostname: { meaning: 'a host name', accepts: isHostname },
  fqdn: {
    meaning: 'a fully qualified host name',
    accepts: (text) => isHostname(text) && text.includes('.'),
  },
  package_name: { meaning: 'a package name', accepts: (text) => /^[\w.+:~-]+$/.test(text) && !text.startsWith('-') },
  service_name: { meaning: 'a service name', accepts: (text) => /^[\w.:@-]+$/.test(text) && !text.startsWith('-') },
  puppet_resource: {
    meaning: 'a resource such as File[/etc/hosts]',
    accepts: (text) => /^\w+(::\w+)*\[[^\]]+\]$/.test(text),
  },
  puppet_tags: { meaning: 'tags with commas between them', accepts: (text) => /^\w[\w:.-]*(,\w[\w:.-]*)*$/.test(text) },
  puppet_variable: { meaning: 'a name of letters, digits and _', accepts: (text) => /^\w+$/.test(text) },
  puppet_server_address: {
    meaning: 'a host name, with or without a port, as in puppet.example.com:8140',
    accepts: (text) => isServerAddress(text, false),
  },
  puppet_environment: { meaning: 'an environment name', accepts: (text) => /^\w+$/.test(text) },
  nettest_fqdn: { meaning: 'a host name', accepts: isHostname },
  nettest_server_address: {
    meaning: 'a host name and a port, as in example.com:8080',
    accepts: (text) => isServerAddress(text, true),
  },
  bolt_task_name: {
    meaning: 'the name of a Puppet task, as in module::task',
    accepts: (text) => /^[a-z][a-z0-9_]*(::[a-z][a-z0-9_]*)*$/.test(text),
  },
  url: { meaning: 'an http or https URL', accepts: isUrl },
  path: { meaning: 'an absolute path without ..', accepts: isPath },
};
