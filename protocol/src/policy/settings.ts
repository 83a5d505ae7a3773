import { fail, ok, type Result } from '../errors/index.ts';
import { policySettingsName, type PolicySettings } from './policy.ts';

const names = { allow_unconfigured: 'allowUnconfigured', enable_default: 'enableDefault' } as const;
const isKnown = (key: string): key is keyof typeof names => Object.hasOwn(names, key);

/** `true`, `yes`, `y` and `1` switch an option on, `false`, `no`, `n` and `0` off, as booleans, numbers or texts. */
function readSwitch(value: unknown): boolean | undefined {
  if (typeof value !== 'string' && typeof value !== 'number' && typeof value !== 'boolean') return undefined;
  const text = String(value).toLowerCase();
  if (['true', 'yes', 'y', '1'].includes(text)) return true;
  return ['false', 'no', 'n', '0'].includes(text) ? false : undefined;
}

/**
 * Reads the text of `settings.json`: `{"allow_unconfigured": …, "enable_default": …, "version": "…"}`, all of them optional.
 * `version` is for whoever distributes policies. Errors: `policy.syntax`.
 */
export function parsePolicySettings(text: string): Result<Partial<PolicySettings>> {
  const refuse = (reason: string) => fail('policy.syntax', `${policySettingsName} cannot be used: ${reason}`);
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    return refuse(error instanceof Error ? error.message : String(error));
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return refuse('it is not an object');
  const settings: { allowUnconfigured?: boolean; enableDefault?: boolean } = {};
  for (const [key, value] of Object.entries(json)) {
    if (key === 'version') {
      if (typeof value !== 'string') return refuse('"version" is not a text');
      continue;
    }
    if (!isKnown(key)) return refuse(`it has no setting "${key}"`);
    const isOn = readSwitch(value);
    if (isOn === undefined) return refuse(`"${key}" is neither true nor false`);
    settings[names[key]] = isOn;
  }
  return ok(settings);
}
