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

const isPort = (text: string): boolean => port.test(text) && Number(text) >= 1 && Number(text) <= 65_535;

/** A host name, with or without `:PORT`. */
function isServerAddress(text: string): boolean {
  const [host = '', number, ...rest] = text.split(':');
  return rest.length === 0 && isHostname(host) && (number === undefined || isPort(number));
}

/** `HOST:PORT`, where an IPv6 address stands in brackets. */
function isHostAndPort(text: string): boolean {
  const colon = text.lastIndexOf(':');
  const host = text.slice(0, Math.max(0, colon));
  const inner = /^\[(.*)\]$/.exec(host)?.[1];
  return isPort(text.slice(colon + 1)) && (inner === undefined ? isHostname(host) : isIpv6(inner));
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
  // A sign at either end is an order to apt-get and zypper: `name-` takes away, `+name` installs.
  package_name: { meaning: 'a package name', accepts: (text) => /^\w([\w.+:~-]*[\w.+~])?$/.test(text) },
  service_name: { meaning: 'a service name', accepts: (text) => /^[\w.:@-]+$/.test(text) && !text.startsWith('-') },
  puppet_resource: {
    meaning: 'a resource such as File[/etc/hosts]',
    accepts: (text) => /^\w+(::\w+)*\[[^\]]+\]$/.test(text),
  },
  puppet_tags: { meaning: 'tags with commas between them', accepts: (text) => /^\w[\w:.-]*(,\w[\w:.-]*)*$/.test(text) },
  puppet_variable: { meaning: 'a name of letters, digits and _', accepts: (text) => /^\w+$/.test(text) },
  puppet_server_address: {
    meaning: 'a host name, with or without a port, as in puppet.example.com:8140',
    accepts: isServerAddress,
  },
  puppet_environment: { meaning: 'an environment name', accepts: (text) => /^\w+$/.test(text) },
  nettest_fqdn: { meaning: 'a host name or an IP address', accepts: (text) => isHostname(text) || isIpv6(text) },
  nettest_server_address: {
    meaning: 'a host and a port, as in example.com:8080 or [::1]:8080',
    accepts: isHostAndPort,
  },
  bolt_task_name: {
    meaning: 'the name of a Puppet task, as in module::task',
    accepts: (text) => /^[a-z][a-z0-9_]*(::[a-z][a-z0-9_]*)*$/.test(text),
  },
  url: { meaning: 'an http or https URL', accepts: isUrl },
  path: { meaning: 'an absolute path without ..', accepts: isPath },
};
