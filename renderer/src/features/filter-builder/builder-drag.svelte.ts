import { findItem, placeOf, type TreeGroup } from './builder-tree.ts';

export interface DropPlace {
  readonly groupId: string;
  readonly index: number;
  /** The item at which the place is shown, and on which side of it. */
  readonly overId: string;
  readonly edge: 'before' | 'after' | 'into';
}

/** Where an item would go that is let go over another; null where it cannot. */
export function dropPlace(root: TreeGroup, dragged: string, overId: string, isUpperHalf: boolean): DropPlace | null {
  const item = findItem(root, dragged);
  const over = findItem(root, overId);
  if (item === null || over === null || item === over) return null;
  if (item.kind === 'group' && findItem(item, overId) !== null) return null;
  const place = placeOf(root, overId);
  if (over.kind === 'group' && (place === null || !isUpperHalf))
    return { groupId: overId, index: 0, overId, edge: 'into' };
  if (place === null) return null;
  return isUpperHalf
    ? { groupId: place.group.id, index: place.index, overId, edge: 'before' }
    : { groupId: place.group.id, index: place.index + 1, overId, edge: 'after' };
}

/** A row or group on its way to another place, by pointer. */
export class BuilderDrag {
  #dragged = $state.raw<string | null>(null);
  #place = $state.raw<DropPlace | null>(null);
  readonly #root: () => TreeGroup;
  readonly #onDrop: (id: string, place: DropPlace) => void;

  constructor(root: () => TreeGroup, onDrop: (id: string, place: DropPlace) => void) {
    this.#root = root;
    this.#onDrop = onDrop;
  }

  get dragged(): string | null {
    return this.#dragged;
  }
  get place(): DropPlace | null {
    return this.#place;
  }

  /** To be called when the handle of an item is pressed; follows the pointer until it is let go. */
  start(event: PointerEvent & { currentTarget: HTMLElement }, id: string): void {
    if (event.button !== 0) return;
    const handle = event.currentTarget;
    handle.setPointerCapture(event.pointerId);
    this.#dragged = id;
    const move = (moved: PointerEvent) => this.#over(moved.clientX, moved.clientY);
    const end = (ended: Event) => {
      handle.removeEventListener('pointermove', move);
      handle.removeEventListener('pointerup', end);
      handle.removeEventListener('pointercancel', end);
      if (ended.type === 'pointerup' && this.#place !== null) this.#onDrop(id, this.#place);
      this.#dragged = null;
      this.#place = null;
    };
    handle.addEventListener('pointermove', move);
    handle.addEventListener('pointerup', end);
    handle.addEventListener('pointercancel', end);
  }

  #over(x: number, y: number): void {
    const over = document.elementFromPoint(x, y)?.closest<HTMLElement>('[data-builder-item]');
    const id = over?.dataset['builderItem'];
    if (over === null || over === undefined || id === undefined || this.#dragged === null) {
      this.#place = null;
      return;
    }
    // Of a group it is the line with its buttons that counts: below that are its children.
    const { top, height } = (over.querySelector(':scope > [data-builder-head]') ?? over).getBoundingClientRect();
    this.#place = dropPlace(this.#root(), this.#dragged, id, y < top + height / 2);
  }
}
