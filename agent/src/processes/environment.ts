const usualPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin:/opt/puppetlabs/bin';

/** What a command gets to see: where programs are, a home, English messages, and what it is given. Nothing else of ours. */
export function commandEnvironment(more: Readonly<Record<string, string>> = {}): Record<string, string> {
  const { PATH, HOME } = process.env;
  const path = PATH === undefined || PATH === '' ? usualPath : `${PATH}:${usualPath}`;
  return { PATH: path, HOME: HOME ?? '/', LC_ALL: 'C', ...more };
}

/** The folders in which commands are looked for. */
export const commandPath = (): readonly string[] =>
  [...new Set((commandEnvironment()['PATH'] ?? '').split(':'))].filter((folder) => folder.startsWith('/'));
