import type { BridgeClient, Target } from '@muster/protocol/bridge';
import type { Result } from '@muster/protocol/errors';

type NamedTarget = Extract<Target, { name: string }>;

export const isNamed = (target: Target): target is NamedTarget => target.kind === 'group' || target.kind === 'preset';

async function membersOf(bridge: BridgeClient, { kind, name }: NamedTarget): Promise<Result<number>> {
  if (kind === 'group') {
    const members = await bridge.call('groups.members', { of: { kind: 'name', name }, limit: 0 });
    return members.ok ? { ok: true, value: members.value.total } : members;
  }
  const listed = await bridge.call('presets.list', {});
  if (!listed.ok) return listed;
  const filter = listed.value.presets.find((preset) => preset.name.toLowerCase() === name.toLowerCase())?.filter;
  if (filter === undefined)
    return { ok: false, error: { code: 'preset.unknown', message: `There is no preset "${name}"` } };
  const counted = await bridge.call('fleet.count', { filter });
  return counted.ok ? { ok: true, value: counted.value.matching } : counted;
}

/** How many nodes a group or a preset has by what the inventory knows, at most: a narrower filter is not looked at. */
export class NamedReach {
  #count = $state.raw<number | null>(null);
  #isOpen = $state.raw(false);
  readonly #bridge: BridgeClient;
  #question = 0;

  constructor(bridge: BridgeClient) {
    this.#bridge = bridge;
  }

  /** Null until counted, or where it cannot be. */
  get count(): number | null {
    return this.#count;
  }

  /** Whether only the nodes themselves can tell how many they are. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  async look(target: Target): Promise<void> {
    const question = ++this.#question;
    this.#count = null;
    this.#isOpen = false;
    if (!isNamed(target)) return;
    const members = await membersOf(this.#bridge, target);
    if (question !== this.#question) return;
    if (members.ok) this.#count = members.value;
    else this.#isOpen = members.error.code === 'filter.needs_fleet';
  }
}
