import type { RecipeDraft } from '@muster/protocol/bridge';
import { fail, ok, type Result } from '@muster/protocol/errors';
import { texts } from '../../texts/texts.ts';
import type { ActionFormState } from '../action-form/action-form-state.svelte.ts';
import { tagsOf } from '../selections/group-form-state.svelte.ts';
import type { RecipeInUse } from './recipe-run.ts';

/** What a recipe is called, while it is written. */
export interface RecipeNaming {
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
}

/** An input of the action, as the recipe treats it. */
export interface RecipeInput {
  readonly key: string;
  /** The words of the DDL. */
  readonly prompt: string;
  readonly isSecret: boolean;
  readonly isAsked: boolean;
  readonly label: string;
  /** What is typed into it now: given at each use, or in the field at first. Empty for secrets. */
  readonly typed: string;
}

/** A recipe that is made of what the composer holds: its names, and what of the inputs is asked for at each use. */
export class RecipeFormState {
  name = $state('');
  description = $state('');
  tags = $state('');
  #asked = $state.raw<ReadonlyMap<string, string>>(new Map());
  readonly #form: ActionFormState;

  /** What was asked for before is asked for again; without that, what is required and not filled in. */
  constructor(form: ActionFormState, naming: RecipeNaming, prompts: RecipeInUse['prompts'] | null) {
    this.#form = form;
    this.name = naming.name;
    this.description = naming.description;
    this.tags = naming.tags.join(', ');
    const missing = form.fields.filter(({ input, typed }) => !input.optional && typed === '');
    const asked = prompts ?? missing.map(({ key, input }) => ({ input: key, label: input.prompt }));
    this.#asked = new Map(asked.map(({ input, label }) => [input, label]));
  }

  get inputs(): readonly RecipeInput[] {
    return this.#form.fields.map(({ key, input, typed }) => ({
      key,
      prompt: input.prompt,
      isSecret: input.sensitive,
      // A secret is never kept; one that may be left out need not be asked for.
      isAsked: this.#asked.has(key) || (input.sensitive && !input.optional),
      label: this.#asked.get(key) ?? input.prompt,
      typed: input.sensitive ? '' : typed,
    }));
  }

  ask(key: string, isAsked: boolean): void {
    const asked = new Map(this.#asked);
    const label = this.inputs.find((input) => input.key === key)?.prompt ?? '';
    if (isAsked) asked.set(key, label);
    else asked.delete(key);
    this.#asked = asked;
  }

  call(key: string, label: string): void {
    this.#asked = new Map([...this.#asked, [key, label]]);
  }

  /** The recipe with what else there is to it, or what is missing. */
  draft(rest: Pick<RecipeDraft, 'agent' | 'action' | 'target' | 'options'>): Result<RecipeDraft> {
    const inputs: RecipeDraft['inputs'] = {};
    const prompts: RecipeDraft['prompts'] = [];
    for (const { key, prompt, isSecret, isAsked, label, typed } of this.inputs) {
      const value = isSecret || typed === '' ? ok(undefined) : this.#form.valueOf(key);
      if (!value.ok) return fail('recipe.invalid', `${prompt}: ${value.error.message}`);
      if (isAsked)
        prompts.push({
          input: key,
          label: label.trim(),
          ...(value.value === undefined ? {} : { default: value.value }),
        });
      else if (value.value !== undefined) inputs[key] = value.value;
      else if (!isSecret && !this.#form.isOptional(key)) return fail('recipe.invalid', texts.recipes.needed(prompt));
    }
    const naming = { name: this.name.trim(), description: this.description.trim(), tags: tagsOf(this.tags) };
    return ok({ ...naming, ...rest, inputs, prompts });
  }
}
