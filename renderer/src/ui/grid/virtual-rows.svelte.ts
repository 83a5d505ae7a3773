import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/svelte-virtual';
import { systemClock } from '../clock.ts';

/** Rows beyond the edges that are kept in the page, so that scrolling shows no gaps. */
const overscan = 8;
/** Slots are added so many at a time: each time, all rows are made anew. */
const slotsAtOnce = 8;
/** How long after scrolling the boxes are put into the order of their rows, in milliseconds: who scrolls in steps is not slowed down by it. */
const settleMs = 800;

/** A row that is in the page. */
export interface VirtualRow {
  readonly index: number;
  /** Which of the page's boxes it is in. A box that goes out of sight is used again: to make one costs far more than to fill it. */
  readonly slot: number;
  /** Where it begins, in pixels below the first. */
  readonly start: number;
}

/** Which rows of a list of equally high rows are in sight, and where. */
export class VirtualRows {
  #items = $state.raw<readonly VirtualRow[]>([]);
  #height = $state.raw(0);
  #slots = 0;
  #placed: ReadonlyMap<number, VirtualRow> = new Map();
  #shown: readonly VirtualItem[] = [];
  /** Whether rows pass by, or did a moment ago. */
  #isPassing = false;
  #stopSettling: () => void = () => undefined;
  /** Where each box stands in the page, by its slot. */
  #order: ReadonlyMap<number, number> = new Map();
  #rowHeight: number;
  readonly #onShow: (first: number, last: number) => void;
  #virtualizer: Virtualizer<HTMLElement, HTMLElement> | null = null;
  #count = 0;

  constructor(rowHeight: number, onShow: (first: number, last: number) => void) {
    this.#rowHeight = rowHeight;
    this.#onShow = onShow;
  }

  get items(): readonly VirtualRow[] {
    return this.#items;
  }
  /** Height of all rows together, in pixels. */
  get height(): number {
    return this.#height;
  }

  /** Begins to watch the scrolling element; returns how to stop. */
  attach(scroller: HTMLElement): () => void {
    const virtualizer = new Virtualizer<HTMLElement, HTMLElement>(this.#options(scroller));
    this.#virtualizer = virtualizer;
    const stop = virtualizer._didMount();
    virtualizer._willUpdate();
    this.#read(virtualizer);
    return () => {
      this.#virtualizer = null;
      this.#stopSettling();
      this.#isPassing = false;
      stop();
    };
  }

  setCount(count: number): void {
    this.#count = count;
    const virtualizer = this.#virtualizer;
    if (virtualizer === null) return;
    virtualizer.setOptions(this.#options(virtualizer.scrollElement));
    virtualizer._willUpdate();
    this.#read(virtualizer);
  }

  /** Rows are as high as this from now on, in pixels. */
  setRowHeight(rowHeight: number): void {
    if (rowHeight === this.#rowHeight) return;
    this.#rowHeight = rowHeight;
    this.#virtualizer?.measure();
    this.setCount(this.#count);
  }

  /** Scrolls as little as it takes to show a row in a sight that is so many pixels high. */
  reveal(index: number, sightHeight: number): void {
    const scroller = this.#virtualizer?.scrollElement ?? null;
    if (scroller === null) return;
    const start = index * this.#rowHeight;
    const least = start + this.#rowHeight - sightHeight;
    const now = this.#virtualizer?.scrollOffset ?? 0;
    if (start < now) scroller.scrollTop = start;
    else if (least > now) scroller.scrollTop = least;
  }

  #options(scroller: HTMLElement | null) {
    return {
      count: this.#count,
      getScrollElement: () => scroller,
      estimateSize: () => this.#rowHeight,
      overscan,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: (virtualizer: Virtualizer<HTMLElement, HTMLElement>) => this.#read(virtualizer),
    };
  }

  #read(virtualizer: Virtualizer<HTMLElement, HTMLElement>): void {
    this.#height = virtualizer.getTotalSize();
    const shown = virtualizer.getVirtualItems();
    const [first] = shown;
    const last = shown.at(-1);
    if (virtualizer.isScrolling) this.#pass();
    if (shown !== this.#shown) this.#place(shown);
    this.#shown = shown;
    if (first !== undefined && last !== undefined) this.#onShow(first.index, last.index);
  }

  #pass(): void {
    this.#isPassing = true;
    this.#stopSettling();
    this.#stopSettling = systemClock.after(settleMs, () => {
      this.#isPassing = false;
      this.#place(this.#shown);
    });
  }

  /**
   * Gives each row its slot, and fills every slot: one that is left out is thrown away, and made again at the next turn of the wheel.
   * Rows that stay where they are stay the same objects, so that nothing of them is looked at again.
   */
  #place(shown: readonly VirtualItem[]): void {
    this.#slots = Math.max(this.#slots, Math.ceil(shown.length / slotsAtOnce) * slotsAtOnce);
    const first = Math.max(0, Math.min(shown[0]?.index ?? 0, this.#count - this.#slots));
    const length = Math.min(this.#slots, this.#count - first);
    const rows = Array.from({ length }, (_unused, at): VirtualRow => {
      const index = first + at;
      const [start, slot] = [index * this.#rowHeight, index % this.#slots];
      const known = this.#placed.get(index);
      return known?.start === start && known.slot === slot ? known : { index, start, slot };
    });
    this.#placed = new Map(rows.map((row) => [row.index, row]));
    this.#items = this.#arranged(rows);
  }

  /** In their own order at rest, as who reads them to somebody needs them; while they pass by, no box is moved in the page, only filled. */
  #arranged(rows: readonly VirtualRow[]): readonly VirtualRow[] {
    if (!this.#isPassing || rows.length !== this.#order.size) {
      this.#order = new Map(rows.map(({ slot }, at) => [slot, at]));
      return rows;
    }
    const placeOf = ({ slot }: VirtualRow) => this.#order.get(slot) ?? 0;
    return rows.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
