import { z } from 'zod';
import { collectivePattern } from '../identity/index.ts';
import { discoveryChoiceShape, filterText, identityShape } from './shapes.ts';

/* Selections of nodes that have a name: filter presets, and groups. Names are told apart regardless of case. */

/**
 * A name as it may be typed: whether it is a good one is checked where it is saved, so that the fault can say what is
 * wrong with it. See `namePattern`.
 */
export const typedName = z.string().max(200);

/** Letters and digits of any script, and `. _ : @ + -` and blanks between them; at most {@link nameLength} characters. */
export const namePattern = /^[\p{L}\p{N}](?:[\p{L}\p{M}\p{N} ._:@+-]*[\p{L}\p{M}\p{N}])?$/u;
export const nameLength = 64;

/** What everything with a name has. */
export const namedShape = {
  name: typedName,
  description: z.string().max(2000),
  /** Words by which a person finds it again; each once, sorted. Made like names. */
  tags: z.array(typedName).max(32),
};
const timed = { createdAtMs: z.number(), updatedAtMs: z.number() };

/** A filter preset as it is written. `filter` is stored in its canonical form. */
export const presetDraftShape = z.object({
  ...namedShape,
  filter: filterText,
  /** Instead of the first collective of the configuration. */
  collective: z.string().regex(collectivePattern).optional(),
  /** Instead of the way to find nodes that is configured. */
  discovery: discoveryChoiceShape.optional(),
});
export type PresetDraft = z.infer<typeof presetDraftShape>;

export const presetShape = presetDraftShape.extend(timed);
export type Preset = z.infer<typeof presetShape>;

/** A group as it is written; its members are those of all three parts together. */
export const groupDraftShape = z.object({
  ...namedShape,
  /** The frozen part: these nodes, whatever they are like. */
  identities: z.array(identityShape).max(100_000),
  /** The dynamic part: whoever matches when it is asked. Null for none; the empty filter is every node. */
  filter: filterText.nullable(),
  /** Names of groups inside this one. */
  groups: z.array(typedName).max(200),
});
export type GroupDraft = z.infer<typeof groupDraftShape>;

export const groupShape = groupDraftShape.extend(timed);
export type Group = z.infer<typeof groupShape>;

/** A group in a list. */
export const listedGroupShape = groupShape.extend({
  /** How many nodes it has by what the inventory knows; null when only the nodes themselves can tell. */
  members: z.int().nonnegative().nullable(),
});
export type ListedGroup = z.infer<typeof listedGroupShape>;

/** Presets and groups as they are carried from one console to another. Names are unique among presets and among groups. */
export const presetDocumentShape = z.object({
  protocol: z.literal('muster.presets.v1'),
  presets: z.array(presetDraftShape).max(10_000),
  groups: z.array(groupDraftShape).max(10_000),
});
export type PresetDocument = z.infer<typeof presetDocumentShape>;

/** What to do with what is here already under the same name. */
export const importModes = ['keep', 'replace'] as const;
export type ImportMode = (typeof importModes)[number];

/** The calls about presets and groups. Each may fail with `storage.*`. */
export const selectionEndpoints = {
  /** Every preset, by name. */
  'presets.list': { params: z.object({}), result: z.object({ presets: z.array(presetShape) }) },
  /**
   * Saves a new preset, or with `previousName` changes the one of that name, which may get another. Faults: `preset.invalid`,
   * `preset.taken`, `preset.unknown`, those of the filter.
   */
  'presets.save': {
    params: z.object({ previousName: typedName.optional(), preset: presetDraftShape }),
    result: z.object({ preset: presetShape }),
  },
  /** Faults: `preset.unknown`. */
  'presets.remove': { params: z.object({ name: typedName }), result: z.object({}) },
  /** All presets and groups. */
  'presets.export': { params: z.object({}), result: z.object({ document: presetDocumentShape }) },
  /**
   * Takes over all presets and groups of a document, or nothing. Faults name the entry: `preset.malformed`, `group.cycle`.
   * The result counts entries; `kept` are those that were here already and stayed as they were.
   */
  'presets.import': {
    // Looked at by the engine, which can name the entry that is wrong.
    params: z.object({ document: z.unknown(), mode: z.enum(importModes) }),
    result: z.object({ added: z.int(), replaced: z.int(), kept: z.int() }),
  },
  /** Every group, by name, with the number of its members. */
  'groups.list': { params: z.object({}), result: z.object({ groups: z.array(listedGroupShape) }) },
  /**
   * As `presets.save`. Groups that contain the one that gets another name go on containing it. Faults: `group.invalid`,
   * `group.taken`, `group.unknown` (also of a group inside), `group.cycle`, those of the filter.
   */
  'groups.save': {
    params: z.object({ previousName: typedName.optional(), group: groupDraftShape }),
    result: z.object({ group: groupShape }),
  },
  /** Faults: `group.unknown`; `group.in_use` when other groups contain it. */
  'groups.remove': { params: z.object({ name: typedName }), result: z.object({}) },
  /**
   * Members by what the inventory knows: of a group that is stored, or of one that is being written, where `definition.name`
   * does not matter; `previousName` is the stored group that it would change. Sorted, the first `limit` of them. Faults:
   * `group.unknown`, `group.cycle`, `group.invalid`, those of the filter, `filter.needs_fleet`.
   */
  'groups.members': {
    params: z.object({
      of: z.discriminatedUnion('kind', [
        z.object({ kind: z.literal('name'), name: typedName }),
        z.object({
          kind: z.literal('definition'),
          definition: groupDraftShape,
          previousName: typedName.optional(),
        }),
      ]),
      limit: z.int().min(0).max(500),
    }),
    result: z.object({ total: z.int(), identities: z.array(z.string()) }),
  },
} as const;

export const selectionStreams = {
  /** Grows whenever presets, groups or recipes change, in this process or another. */
  'presets.changes': { params: z.object({}), item: z.object({ revision: z.int() }) },
} as const;
