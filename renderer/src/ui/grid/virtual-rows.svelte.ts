import {
  elementScroll,
  observeElementOffset,
  observeElementRect,
  Virtualizer,
  type VirtualItem,
} from '@tanstack/svelte-virtual';

/** Rows beyond the edges that are kept in the page, so that scrolling shows no gaps. */
const overscan = 8;

/** Which rows of a list of equally high rows are in sight, and where. */
export class VirtualRows {
  #items = $state.raw<readonly VirtualItem[]>([]);
  #height = $state.raw(0);
  #rowHeight: number;
  readonly #onShow: (first: number, last: number) => void;
  #virtualizer: Virtualizer<HTMLElement, HTMLElement> | null = null;
  #count = 0;

  constructor(rowHeight: number, onShow: (first: number, last: number) => void) {
    this.#rowHeight = rowHeight;
    this.#onShow = onShow;
  }

  get items(): readonly VirtualItem[] {
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

  reveal(index: number): void {
    this.#virtualizer?.scrollToIndex(index, { align: 'auto' });
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
    const items = virtualizer.getVirtualItems();
    this.#items = items;
    this.#height = virtualizer.getTotalSize();
    const [first] = items;
    const last = items.at(-1);
    if (first !== undefined && last !== undefined) this.#onShow(first.index, last.index);
  }
}
