import type { BridgeClient, Recipe, RecipeDraft, RunOrder, Target } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import { ActionCatalogueState, type FleetAction } from '../../features/action-picker/action-catalogue-state.svelte.ts';
import { ActionFormState } from '../../features/action-form/action-form-state.svelte.ts';
import { mergeVersions, type VersionedAction } from '../../features/action-versions/merge-versions.ts';
import { TargetVersions } from '../../features/action-versions/target-versions.svelte.ts';
import { FilterState } from '../../features/filter-editor/filter-state.svelte.ts';
import { runOfRecipe, type RecipeInUse } from '../../features/recipes/recipe-run.ts';
import type { RolloutDraft } from '../../features/rollout/rollout-draft.ts';
import { rolloutFlags } from '../../features/rollout/rollout-flags.ts';
import { readRollout, type RolloutFaults, type RolloutPlan } from '../../features/rollout/rollout-plan.ts';
import { rolloutInWords } from '../../features/rollout/rollout-words.ts';
import type { RunDraftState } from '../../features/run-draft/run-draft-state.svelte.ts';
import { commandLine } from '../../features/target-card/command-line.ts';
import type { Clock } from '../../ui/clock.ts';
import { isNamed, NamedReach } from './named-reach.svelte.ts';

/** How long nodes may obey a request where nothing else is ordered, in milliseconds. */
const usualTtlMs = 60_000;

/** A run while it is put together: what, with which inputs, on which nodes, for how long. */
export class ComposeState {
  readonly catalogue: ActionCatalogueState;
  readonly filter: FilterState;
  readonly versions: TargetVersions;
  #form = $state.raw<ActionFormState | null>(null);
  /** What the form was made for, so that a catalogue that is read again does not empty it: the action, and its description. */
  #formFor = { name: '', description: '' };
  #isStarting = $state.raw(false);
  #fault = $state.raw<Fault | null>(null);
  readonly #named: NamedReach;
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly #draft: RunDraftState;

  constructor(bridge: BridgeClient, clock: Clock, draft: RunDraftState) {
    this.#bridge = bridge;
    this.#clock = clock;
    this.#draft = draft;
    this.catalogue = new ActionCatalogueState(bridge);
    const { target } = draft.draft;
    this.#named = new NamedReach(bridge);
    void this.#named.look(target);
    this.versions = new TargetVersions(bridge);
    this.filter = new FilterState(bridge, clock, target.kind === 'filter' ? target.filter : '', (filter) => {
      if (this.target.kind === 'filter') draft.aim({ kind: 'filter', filter });
    });
  }

  get target(): Target {
    return this.#draft.draft.target;
  }
  /** The chosen action as the nodes of the target have it; null while that is not known. */
  get merged(): VersionedAction | null {
    const { found } = this.versions;
    return found === null || this.action === null ? null : mergeVersions(found.versions, this.action);
  }
  /** The action that is chosen, in the version of the target's nodes; null for none, or while the catalogue is not here. */
  get chosen(): FleetAction | null {
    const { agent, action } = this.#draft.draft;
    const known = this.catalogue.find(agent, action);
    const { merged } = this;
    if (merged?.agent.name !== agent) return known;
    const nodes = this.catalogue.agents?.find(({ ddl }) => ddl.name === agent)?.nodes ?? 0;
    return { agent: merged.agent, action: merged.action, nodes };
  }
  /** Agent and action that are chosen, as they are called; empty for none. */
  get what(): string {
    const { chosen } = this;
    return chosen === null ? '' : `${chosen.agent.name} ${chosen.action.name}`;
  }
  get agent(): string | null {
    return this.#draft.draft.agent;
  }
  get action(): string | null {
    return this.#draft.draft.action;
  }
  get timeoutText(): string {
    return this.#draft.draft.timeoutSeconds;
  }
  /** Seconds to wait; null for the action's own; undefined for something that is no duration. */
  get timeoutSeconds(): number | null | undefined {
    const text = this.timeoutText.trim();
    if (text === '') return null;
    const seconds = Number(text);
    return Number.isFinite(seconds) && seconds > 0 ? seconds : undefined;
  }
  get rollout(): RolloutDraft {
    return this.#draft.draft.rollout;
  }
  /** What is wrong with how the run shall go over the fleet, by field. */
  get rolloutFaults(): RolloutFaults {
    return readRollout(this.rollout, this.#clock.now()).faults;
  }
  /** How the run goes over the fleet if it starts now; null while something is wrong. */
  get plan(): RolloutPlan | null {
    return readRollout(this.rollout, this.#clock.now()).plan;
  }
  /** What will happen, in one sentence; null while something is wrong. */
  get planInWords(): string | null {
    const { plan } = this;
    return plan === null ? null : rolloutInWords({ ...plan, ttlMs: usualTtlMs }, this.reach, this.#clock.now());
  }
  get isStarting(): boolean {
    return this.#isStarting;
  }
  /** Why the last start was refused. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** How many nodes the run will reach by what the inventory knows; null until counted. */
  get reach(): number | null {
    if (this.target.kind === 'nodes') return this.target.identities.length;
    if (isNamed(this.target)) return this.#named.count;
    return this.filter.isSettled ? this.filter.matching : null;
  }

  /** Whether there is somebody to reach, as far as the inventory can tell. */
  get hasTarget(): boolean {
    return isNamed(this.target) && this.#named.isOpen ? true : (this.reach ?? 0) > 0;
  }

  /**
   * Whether a person has to agree: the run changes something and nothing narrows its target down, or it may destroy something on more than
   * `typeAbove` nodes.
   */
  needsConfirmation(typeAbove: number): boolean {
    const effect = this.chosen?.action.effect ?? 'read';
    if (effect === 'destructive' && (this.reach ?? Infinity) > typeAbove) return true;
    return effect !== 'read' && this.target.kind === 'filter' && this.filter.selectsAll;
  }

  /** The form of the chosen action. Call {@link ensureForm} when the choice or the catalogue changes. */
  get form(): ActionFormState | null {
    return this.#form;
  }

  ensureForm(): void {
    const { chosen, merged } = this;
    if (chosen === null) {
      this.#formFor = { name: '', description: '' };
      this.#form = null;
      return;
    }
    const name = this.what;
    const description = JSON.stringify([chosen.action, [...(merged?.partial ?? [])]]);
    const before = this.#formFor;
    if (name === before.name && description === before.description) return;
    this.#formFor = { name, description };
    // Another version of the same action: what is typed goes on, secrets too.
    const typed = name === before.name ? this.#form?.typed : undefined;
    this.#form = new ActionFormState(chosen.action, typed ?? this.#draft.draft.typed, merged?.partial);
  }

  /** Asks which versions the target has, where agent or target have changed, or the fleet has. */
  lookAtVersions({ news = false } = {}): void {
    void this.versions.look(this.agent, this.target, { news });
  }

  pick(agent: string, action: string): void {
    if (agent === this.agent && action === this.action) return;
    this.#draft.change({ agent, action, typed: {} });
    this.#fault = null;
  }

  /** The form has changed: what is typed is kept. */
  keepTyped(): void {
    this.#draft.change({ typed: this.#form?.keptText ?? {} });
  }

  /** The recipe that is being used; null without one. */
  get recipe(): RecipeInUse | null {
    return this.#draft.draft.recipe;
  }

  /** Fills everything in as a recipe has it. */
  useRecipe(recipe: Recipe): void {
    this.#draft.change(runOfRecipe(recipe));
    this.#formFor = { name: '', description: '' };
    this.#fault = null;
    this.ensureForm();
    const { target } = recipe;
    if (target.kind === 'filter') this.filter.set(target.filter);
    void this.#named.look(target);
  }

  /** What is composed stays, and belongs to no recipe any more, or to another one. */
  belongTo(recipe: RecipeInUse | null): void {
    this.#draft.change({ recipe });
  }

  /** What goes into a recipe besides the inputs; null while something is wrong. A time until when is another one at each use, so it stays out. */
  get keptInRecipe(): Pick<RecipeDraft, 'agent' | 'action' | 'target' | 'options'> | null {
    const { chosen, timeoutSeconds, rollout } = this;
    const nowMs = this.#clock.now();
    const { plan } = readRollout(rollout, nowMs);
    if (chosen === null || plan === null || timeoutSeconds === undefined) return null;
    const { untilMs, ...options } = plan;
    return {
      agent: chosen.agent.name,
      action: chosen.action.name,
      target: this.target,
      options: {
        ...options,
        ...(timeoutSeconds === null ? {} : { timeoutMs: Math.round(timeoutSeconds * 1000) }),
        ...(rollout.away === 'while' && untilMs !== undefined ? { waitMs: untilMs - nowMs } : {}),
      },
    };
  }

  setTimeout(text: string): void {
    this.#draft.change({ timeoutSeconds: text });
  }

  changeRollout(parts: Partial<RolloutDraft>): void {
    this.#draft.change({ rollout: { ...this.rollout, ...parts } });
  }

  aim(target: Target): void {
    this.#draft.aim(target);
    void this.#named.look(target);
  }

  /** The order as it would be given now; null while something is missing or wrong. */
  get order(): RunOrder | null {
    const { chosen, timeoutSeconds, plan } = this;
    const inputs = this.#form?.inputs;
    if (chosen === null || inputs?.ok !== true || timeoutSeconds === undefined || !this.hasTarget) return null;
    if (plan === null) return null;
    return {
      agent: chosen.agent.name,
      action: chosen.action.name,
      inputs: { ...inputs.value },
      target: this.target,
      ...(timeoutSeconds === null ? {} : { timeoutMs: Math.round(timeoutSeconds * 1000) }),
      ...plan,
    };
  }

  /** Whether nodes are waited for until a moment, which is none for a run that starts later. */
  get isUntil(): boolean {
    return this.order?.untilMs !== undefined;
  }

  /** The same as a command; null while it cannot be said. */
  get command(): string | null {
    const { chosen, timeoutSeconds, target, rollout } = this;
    const inputs = this.#form?.inputs;
    if (chosen === null || inputs?.ok !== true || timeoutSeconds === undefined) return null;
    const nowMs = this.#clock.now();
    const { plan } = readRollout(rollout, nowMs);
    if (plan === null) return null;
    return commandLine({
      agent: chosen.agent.name,
      action: chosen.action,
      inputs: inputs.value,
      target,
      timeoutSeconds,
      rollout: rolloutFlags(plan, rollout.away === 'while' ? nowMs : null),
    });
  }

  /** Starts the run; gives its id, or null when it was refused (see {@link fault}). */
  async start(): Promise<string | null> {
    const { order } = this;
    if (order === null || this.#isStarting) return null;
    this.#isStarting = true;
    const started = await this.#bridge.call('runs.start', order);
    this.#isStarting = false;
    this.#fault = started.ok ? null : started.error;
    return started.ok ? started.value.runId : null;
  }

  dispose(): void {
    this.filter.dispose();
  }
}
