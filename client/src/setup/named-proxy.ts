import type { NamedProxy } from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import { readProxy, type ProxySection } from '@muster/runtime/config';
import { givenProxySection } from '@muster/runtime/enrolment';
import type { ProxySettings } from '@muster/runtime/proxy';
import { givenPath } from './given-path.ts';

/** A proxy that was named: as a configuration has it, with absolute paths, and with what its files hold. */
export interface CheckedProxy {
  readonly section: ProxySection;
  readonly settings: ProxySettings;
}

const words = {
  username: 'a user name',
  passwordFile: 'field “Password file”',
  allowHttp: 'allow the password in the clear',
};

const pathOf = (text: string | undefined): string | undefined => (text === undefined ? undefined : givenPath(text));

/**
 * Checks what a person says of the proxy, and reads its files; undefined where there is none.
 *
 * Errors: `usage.invalid`; `config.unreadable`, `config.invalid` of the files.
 */
export async function checkProxy(named: NamedProxy | undefined): Promise<Result<CheckedProxy | undefined>> {
  if (named === undefined) return ok(undefined);
  const given = { ...named, passwordFile: pathOf(named.passwordFile), ca: pathOf(named.ca) };
  const section = givenProxySection(given, words);
  if (!section.ok) return section;
  const settings = await readProxy(section.value, (path) => path);
  if (!settings.ok) return settings;
  return ok(settings.value === undefined ? undefined : { section: section.value, settings: settings.value });
}
