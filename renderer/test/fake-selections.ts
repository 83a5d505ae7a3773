import type { EndpointHandlers, Group, GroupDraft, Preset } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';

/** Finds identities by a filter. */
type Match = (filter: string) => Result<readonly string[]>;

type Calls = 'presets' | 'groups';
type SelectionHandlers = Pick<EndpointHandlers, Extract<keyof EndpointHandlers, `${Calls}.${string}`>>;

const keyOf = (name: string) => name.trim().toLowerCase();
const soon = <T>(result: Result<T>) => Promise.resolve(result);

/** Presets and groups in memory, as far as the window needs them: it has no check of cycles. */
export class FakeSelections {
  readonly presets = new Map<string, Preset>();
  readonly groups = new Map<string, Group>();
  readonly #match: Match;
  readonly #nowMs: () => number;
  readonly #changed: () => void;
  #revision = 0;

  constructor(match: Match, nowMs: () => number, changed: () => void) {
    this.#match = match;
    this.#nowMs = nowMs;
    this.#changed = changed;
  }

  get revision(): number {
    return this.#revision;
  }

  /** Everybody in a group. Errors: `group.unknown`, those of the filter. */
  members({ identities, filter, groups }: Pick<GroupDraft, 'identities' | 'filter' | 'groups'>): Result<string[]> {
    const members = new Set(identities);
    const matching = filter === null ? ok([]) : this.#match(filter);
    if (!matching.ok) return matching;
    for (const identity of matching.value) members.add(identity);
    for (const name of groups) {
      const inside = this.group(name);
      const below = inside.ok ? this.members(inside.value) : inside;
      if (!below.ok) return below;
      for (const identity of below.value) members.add(identity);
    }
    return ok([...members].sort());
  }

  group(name: string): Result<Group> {
    const group = this.groups.get(keyOf(name));
    return group === undefined ? fail('group.unknown', `There is no group "${name}"`) : ok(group);
  }

  preset(name: string): Result<Preset> {
    const preset = this.presets.get(keyOf(name));
    return preset === undefined ? fail('preset.unknown', `There is no preset "${name}"`) : ok(preset);
  }

  #note(): void {
    this.#revision += 1;
    this.#changed();
  }

  #save<T extends Preset | Group>(
    kept: Map<string, T>,
    kind: 'preset' | 'group',
    previousName: string | undefined,
    draft: Omit<T, 'createdAtMs' | 'updatedAtMs'> & { readonly name: string },
  ): Result<T> {
    const key = keyOf(draft.name);
    const previous = previousName === undefined ? null : keyOf(previousName);
    if (previous !== null && !kept.has(previous))
      return fail(`${kind}.unknown`, `There is no ${kind} "${previousName ?? ''}"`);
    if (previous !== key && kept.has(key)) return fail(`${kind}.taken`, `There is a ${kind} "${draft.name}" already`);
    const now = this.#nowMs();
    const createdAtMs = kept.get(previous ?? key)?.createdAtMs ?? now;
    // A draft and its times are all that there is of a preset or a group.
    const saved = { ...draft, createdAtMs, updatedAtMs: now } as unknown as T;
    if (previous !== null) kept.delete(previous);
    kept.set(key, saved);
    this.#note();
    return ok(saved);
  }

  #remove<T>(kept: Map<string, T>, kind: 'preset' | 'group', name: string): Result<Record<string, never>> {
    if (!kept.delete(keyOf(name))) return fail(`${kind}.unknown`, `There is no ${kind} "${name}"`);
    this.#note();
    return ok({});
  }

  handlers(): SelectionHandlers {
    const sorted = <T extends { name: string }>(kept: Map<string, T>) =>
      [...kept.values()].sort((a, b) => (keyOf(a.name) < keyOf(b.name) ? -1 : 1));
    const mapped = <T, U>(result: Result<T>, map: (value: T) => U) => soon(result.ok ? ok(map(result.value)) : result);
    return {
      'presets.list': () => soon(ok({ presets: sorted(this.presets) })),
      'presets.save': ({ previousName, preset }) =>
        mapped(this.#save(this.presets, 'preset', previousName, preset), (saved) => ({ preset: saved })),
      'presets.remove': ({ name }) => soon(this.#remove(this.presets, 'preset', name)),
      'presets.export': () =>
        soon(
          ok({
            document: { protocol: 'muster.presets.v1', presets: sorted(this.presets), groups: sorted(this.groups) },
          }),
        ),
      'presets.import': () => soon(fail('preset.malformed', 'presets[0] "web": the fake engine imports nothing')),
      'groups.list': () => {
        const listed = sorted(this.groups).map((group) => {
          const members = this.members(group);
          return { ...group, members: members.ok ? members.value.length : null };
        });
        return soon(ok({ groups: listed }));
      },
      'groups.save': ({ previousName, group }) =>
        mapped(this.#save(this.groups, 'group', previousName, group), (saved) => ({ group: saved })),
      'groups.remove': ({ name }) => {
        const users = [...this.groups.values()].filter(({ groups }) =>
          groups.some((part) => keyOf(part) === keyOf(name)),
        );
        if (users.length === 0) return soon(this.#remove(this.groups, 'group', name));
        const names = users.map((user) => `"${user.name}"`).join(', ');
        return soon(fail('group.in_use', `The group "${name}" is part of ${names}`));
      },
      'groups.members': ({ of, limit }) => {
        const group: Result<GroupDraft> = of.kind === 'name' ? this.group(of.name) : ok(of.definition);
        const members = group.ok ? this.members(group.value) : group;
        return mapped(members, (all) => ({ total: all.length, identities: all.slice(0, limit) }));
      },
    };
  }
}
