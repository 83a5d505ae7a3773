import {
  groupDraftShape,
  presetDraftShape,
  type Group,
  type GroupDraft,
  type ListedGroup,
  type Preset,
  type PresetDraft,
} from '@muster/protocol/bridge';
import { ok, type Result } from '@muster/protocol/errors';
import type { Clock, RandomBytes } from '@muster/runtime/effects';
import type { Discovery, Targets } from '../engine/parts/discovery.ts';
import type { Groups, Presets } from '../engine/parts/selections.ts';
import { createNumberNews } from '../revision-news.ts';
import type { InventoryReader, SelectionStore } from '../storage/index.ts';
import { checkGroup, checkPreset } from './check-draft.ts';
import { chooseDiscovery } from './choose-discovery.ts';
import { findMembers } from './find-members.ts';
import { previewMembers, withMemberCount } from './members.ts';
import { readDocument } from './read-document.ts';
import { resolveTarget } from './resolve-target.ts';

/** Presets, groups, and what they mean as targets; and what only the engine itself does with them. */
export interface SelectionKeeper {
  readonly presets: Presets;
  readonly groups: Groups;
  readonly targets: Targets;
  /** Tells listeners when another process changed the database. */
  lookForChanges(): Promise<void>;
}

/** Without the times, which belong to this console: shapes leave out what they do not know. */
const presetDraft = (preset: Preset): PresetDraft => presetDraftShape.parse(preset);
const groupDraft = (group: Group): GroupDraft => groupDraftShape.parse(group);

export function createSelections(options: {
  readonly storage: SelectionStore & Pick<InventoryReader, 'identitiesMatching'>;
  readonly discovery: Discovery;
  readonly clock: Clock;
  readonly randomBytes: RandomBytes;
}): SelectionKeeper {
  const { storage, discovery, clock, randomBytes } = options;
  const news = createNumberNews(() => storage.selectionRevision());

  /** What was changed, once all who listen know that it was. */
  async function told<T>(change: Promise<Result<T>>): Promise<Result<T>> {
    const done = await change;
    if (done.ok) await news.look();
    return done;
  }

  const presets: Presets = {
    list: () => storage.listPresets(),
    get: (name) => storage.getPreset(name),
    async save({ previousName, preset }) {
      const draft = checkPreset(preset);
      return draft.ok ? told(storage.savePreset(previousName ?? null, draft.value, clock())) : draft;
    },
    remove: (name) => told(storage.removePreset(name)),
    async export() {
      const [all, groups] = await Promise.all([storage.listPresets(), storage.listGroups()]);
      if (!all.ok) return all;
      if (!groups.ok) return groups;
      return ok({
        protocol: 'muster.presets.v1',
        presets: all.value.map(presetDraft),
        groups: groups.value.map(groupDraft),
      });
    },
    async import(document, mode) {
      const read = readDocument(document);
      return read.ok ? told(storage.importSelections(read.value, mode, clock())) : read;
    },
    revision: () => storage.selectionRevision(),
    onChange: (listener) => news.onChange(listener),
  };

  const groups: Groups = {
    async list() {
      const all = await storage.listGroups();
      if (!all.ok) return all;
      const listed: ListedGroup[] = [];
      for (const group of all.value) listed.push(await withMemberCount(storage, group));
      return ok(listed);
    },
    get: (name) => storage.getGroup(name),
    async save({ previousName, group }) {
      const draft = checkGroup(group);
      return draft.ok ? told(storage.saveGroup(previousName ?? null, draft.value, clock())) : draft;
    },
    remove: (name) => told(storage.removeGroup(name)),
    members: (params) => previewMembers(storage, params),
  };

  return {
    presets,
    groups,
    targets: {
      resolve: (target) => resolveTarget(storage, target),
      choose: (resolved, order) => chooseDiscovery(resolved, discovery.choice, order),
      find: (resolved, order) => findMembers(discovery, resolved, order, randomBytes),
    },
    lookForChanges: () => news.look(),
  };
}
