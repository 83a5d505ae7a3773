import type { AnswerGroup, BridgeClient, EndpointResult, RunSummary } from '@muster/protocol/bridge';
import type { Fault } from '@muster/protocol/errors';
import type { NodeState } from '@muster/protocol/run';
import type { Clock } from '../../ui/clock.ts';
import { runNews, type RunNews } from '../run-progress/run-news.ts';

/** How long typing must rest before a search begins, in milliseconds. */
const restMs = 150;
/** The least time between two looks at a run that goes on, in milliseconds: grouping takes the engine longer than reading rows. */
const refreshMs = 500;
/** How many more groups are shown at a time. */
const step = 50;
const groupsAtMost = 500;

type Groups = EndpointResult<'runs.groups'>;

/** Which answers are grouped: those in one of `states` (empty = all) that contain a text and match a filter over answers. */
export interface AnswerChoice {
  readonly states: readonly NodeState[];
  readonly search: string;
  readonly filter: string;
}

/** The answers of a run by what they say. */
export class AnswerGroupsState {
  #found = $state.raw<Groups | null>(null);
  #isComplete = $state.raw(false);
  #fault = $state.raw<Fault | null>(null);
  #ignored = $state.raw<ReadonlySet<string>>(new Set());
  #names = $state.raw<ReadonlyMap<string, readonly string[]>>(new Map());
  #choice: AnswerChoice = { states: [], search: '', filter: '' };
  #limit = step;
  #question = 0;
  #stopRest: () => void = () => undefined;
  readonly #news: RunNews;
  readonly #bridge: BridgeClient;
  readonly #clock: Clock;
  readonly #runId: string;

  /** `ignored` are fields that do not matter from the start. */
  constructor(bridge: BridgeClient, clock: Clock, runId: string, ignored: Iterable<string> = []) {
    this.#ignored = new Set(ignored);
    this.#bridge = bridge;
    this.#clock = clock;
    this.#news = runNews(clock, refreshMs, () => void this.#ask());
    this.#runId = runId;
  }

  /** Null until the first answer. */
  get found(): Groups | null {
    return this.#found;
  }
  /** Whether what was found is how the run ended: until then more answers may come. */
  get isComplete(): boolean {
    return this.#isComplete;
  }
  get fault(): Fault | null {
    return this.#fault;
  }
  /** Fields in which answers may differ and still be alike. */
  get ignored(): ReadonlySet<string> {
    return this.#ignored;
  }
  get canShowMore(): boolean {
    const { total = 0, groups = [] } = this.#found ?? {};
    return groups.length < Math.min(total, groupsAtMost);
  }

  /** All names of a group, where they have been asked for. */
  namesOf(group: AnswerGroup): readonly string[] | null {
    return this.#names.get(group.key) ?? (group.nodes === group.identities.length ? group.identities : null);
  }

  /** Groups other answers than before. */
  look(choice: AnswerChoice): void {
    const isTyping = choice.search !== this.#choice.search;
    this.#choice = choice;
    this.#stopRest();
    if (isTyping) this.#stopRest = this.#clock.after(restMs, () => void this.#ask());
    else void this.#ask();
  }

  toggleIgnored(field: string): void {
    const ignored = new Set(this.#ignored);
    if (!ignored.delete(field)) ignored.add(field);
    this.#ignored = ignored;
    void this.#ask();
  }

  showMore(): void {
    this.#limit = Math.min(this.#limit + step, groupsAtMost);
    void this.#ask();
  }

  /** There is news of the run: its answers are looked at again, soon; at once when it has ended. */
  noteNews(run: Pick<RunSummary, 'state'>): void {
    this.#news.note(run);
  }

  /** The names of all nodes of a group, asked for where they are not here. */
  async allNames(group: AnswerGroup): Promise<readonly string[]> {
    const known = this.namesOf(group);
    if (known !== null) return known;
    const answer = await this.#bridge.call('runs.groupNodes', { ...this.#asked(), key: group.key });
    this.#fault = answer.ok ? null : answer.error;
    if (!answer.ok) return [];
    this.#names = new Map([...this.#names, [group.key, answer.value.identities]]);
    return answer.value.identities;
  }

  dispose(): void {
    this.#question++;
    this.#stopRest();
    this.#news.stop();
  }

  #asked() {
    const { states, search, filter } = this.#choice;
    return { runId: this.#runId, states: [...states], search: search.trim(), filter, ignore: [...this.#ignored] };
  }

  async #ask(): Promise<void> {
    const question = ++this.#question;
    const { isEnded } = this.#news;
    const answer = await this.#bridge.call('runs.groups', { ...this.#asked(), offset: 0, limit: this.#limit });
    if (question !== this.#question) return;
    if (answer.ok) {
      this.#found = answer.value;
      this.#isComplete = isEnded;
      this.#names = new Map();
    }
    this.#fault = answer.ok ? null : answer.error;
  }
}
