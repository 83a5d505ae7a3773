import type { Fault } from '@muster/protocol/errors';
import { parseFilter, toBuilder } from '@muster/protocol/filter';
import { emptyFields, isFilledIn } from './builder-operators.ts';
import { writeTree } from './builder-text.ts';
import {
  changeItem,
  findItem,
  insertItem,
  moveItem,
  nameItems,
  placeOf,
  removeItem,
  stepItem,
  type Direction,
  type RowFields,
  type TreeGroup,
  type TreeItem,
} from './builder-tree.ts';

/** What the builder does with a text that it wrote; `isDone` is false while more is likely to follow at once. */
export type WriteFilter = (text: string, isDone: boolean) => void;

const noFaults: ReadonlyMap<string, Fault> = new Map();

/**
 * A filter as groups and rows, in step with its text, which is the truth: a text that can be read replaces the tree, and
 * every change of the tree writes the text. Rows that are not filled in yet are no part of it.
 */
export class BuilderState {
  #root = $state.raw<TreeGroup>({ id: 'item-0', kind: 'group', mode: 'all', negated: false, children: [] });
  #faults = $state.raw(noFaults);
  #textFault = $state.raw<Fault | null>(null);
  #isHeldBack = $state.raw(false);
  #focus = $state.raw<string | null>(null);
  /** The text that the tree stands for: what was last read or written. */
  #text: string | null = null;
  #ids = 0;
  readonly #write: WriteFilter;
  readonly #nextId = () => `item-${++this.#ids}`;

  constructor(write: WriteFilter) {
    this.#write = write;
  }

  get root(): TreeGroup {
    return this.#root;
  }
  /** What is wrong with an item, by its id. */
  get faults(): ReadonlyMap<string, Fault> {
    return this.#faults;
  }
  /** Why the text cannot be read; the tree is then that of an earlier text and cannot be changed. */
  get textFault(): Fault | null {
    return this.#textFault;
  }
  /** Whether the tree is faulty in a way that its text could not show, so that the text is an earlier one. */
  get isHeldBack(): boolean {
    return this.#isHeldBack;
  }
  /** The item that wants the keyboard, after it was made or moved. */
  get focus(): string | null {
    return this.#focus;
  }
  focusTaken(): void {
    this.#focus = null;
  }

  /** Takes over the text of the filter, unless it is the tree's own. */
  read(text: string): void {
    if (text === this.#text) return;
    const parsed = parseFilter(text);
    this.#text = text;
    this.#isHeldBack = false;
    if (!parsed.ok) {
      this.#textFault = parsed.error;
      return;
    }
    this.#textFault = null;
    this.#faults = noFaults;
    this.#root = nameItems(toBuilder(parsed.value), this.#nextId, this.#root);
  }

  addRow(groupId: string): void {
    this.#add(groupId, this.#emptyRow());
  }

  /** Adds a group of the other mode than that around it, with a row to fill in. */
  addGroup(groupId: string): void {
    const around = findItem(this.#root, groupId);
    const mode = around?.kind === 'group' && around.mode === 'any' ? 'all' : 'any';
    const row = this.#emptyRow();
    this.#add(groupId, { id: this.#nextId(), kind: 'group', mode, negated: false, children: [row] }, row.id);
  }

  addText(groupId: string): void {
    this.#add(groupId, { id: this.#nextId(), kind: 'text', text: '', isDraft: true });
  }

  setFields(id: string, fields: RowFields, isDone: boolean): void {
    this.#change(id, isDone, (item) =>
      item.kind === 'row' ? { ...item, fields, isDraft: item.isDraft && !isFilledIn(fields) } : item,
    );
  }

  setText(id: string, text: string, isDone: boolean): void {
    this.#change(id, isDone, (item) =>
      item.kind === 'text' ? { ...item, text, isDraft: item.isDraft && text.trim() === '' } : item,
    );
  }

  /** The row is meant as it stands, even with an empty value. */
  confirm(id: string): void {
    this.#change(id, true, (item) => (item.kind === 'row' && item.isDraft ? { ...item, isDraft: false } : item));
  }

  setMode(id: string, mode: 'all' | 'any'): void {
    this.#change(id, true, (item) => (item.kind === 'group' ? { ...item, mode } : item));
  }

  toggleNegated(id: string): void {
    this.#change(id, true, (item) => (item.kind === 'text' ? item : { ...item, negated: !item.negated }));
  }

  remove(id: string): void {
    const place = placeOf(this.#root, id);
    const next = place?.group.children[place.index + 1] ?? place?.group.children[place.index - 1] ?? place?.group;
    this.#replace(removeItem(this.#root, id), true);
    this.#focus = next !== undefined && findItem(this.#root, next.id) !== null ? next.id : this.#root.id;
  }

  step(id: string, direction: Direction): void {
    this.#replace(stepItem(this.#root, id, direction, this.#nextId), true);
    this.#focus = id;
  }

  moveTo(id: string, groupId: string, index: number): void {
    this.#replace(moveItem(this.#root, id, groupId, index), true);
  }

  #emptyRow(): TreeItem {
    return { id: this.#nextId(), kind: 'row', negated: false, fields: emptyFields, isDraft: true };
  }

  #add(groupId: string, item: TreeItem, focus = item.id): void {
    const group = findItem(this.#root, groupId);
    if (group?.kind !== 'group') return;
    this.#replace(insertItem(this.#root, groupId, group.children.length, item), true);
    this.#focus = focus;
  }

  #change(id: string, isDone: boolean, change: (item: TreeItem) => TreeItem): void {
    this.#replace(changeItem(this.#root, id, change), isDone);
  }

  #replace(root: TreeGroup, isDone: boolean): void {
    if (this.#textFault !== null) return;
    this.#root = root;
    const written = writeTree(root);
    this.#faults = written.kind === 'faulty' ? written.faults : noFaults;
    this.#isHeldBack = written.text === null;
    if (written.text === null) return;
    this.#text = written.text;
    this.#write(written.text, isDone);
  }
}
