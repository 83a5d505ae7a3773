import type { BridgeClient } from '@muster/protocol/bridge';
import { z } from 'zod';
import { createPreference, type Preference } from '../preferences/preference.ts';

export const pickTabs = ['facets', 'presets', 'groups'] as const;
export type PickTab = (typeof pickTabs)[number];

/** Widths of the panel, in pixels. */
export const panelWidth = { least: 190, usual: 228, most: 460 } as const;

const layoutSchema = z.object({ isOpen: z.boolean(), width: z.number(), tab: z.enum(pickTabs) });
type PanelLayout = z.infer<typeof layoutSchema>;

/** The panel beside the fleet's grid: whether it is there, how wide, and what it shows. */
export class PickPanelState {
  #layout = $state.raw<PanelLayout>({ isOpen: false, width: panelWidth.usual, tab: 'facets' });
  readonly #preference: Preference<PanelLayout>;

  /** `hasRoom`: the window is wide enough to begin with the panel open; afterwards it stays as it was left. */
  constructor(bridge: BridgeClient, hasRoom: boolean) {
    this.#layout = { ...this.#layout, isOpen: hasRoom };
    this.#preference = createPreference(bridge, 'fleet.picker', layoutSchema);
    void this.#preference.load().then((stored) => {
      if (stored !== null) this.#layout = stored;
    });
  }

  get isOpen(): boolean {
    return this.#layout.isOpen;
  }
  get width(): number {
    return this.#layout.width;
  }
  get tab(): PickTab {
    return this.#layout.tab;
  }

  toggle(): void {
    this.#keep({ isOpen: !this.isOpen });
  }
  show(tab: PickTab): void {
    this.#keep({ tab, isOpen: true });
  }
  resize(width: number): void {
    this.#keep({ width: Math.round(Math.min(Math.max(width, panelWidth.least), panelWidth.most)) });
  }

  #keep(parts: Partial<PanelLayout>): void {
    this.#layout = { ...this.#layout, ...parts };
    this.#preference.save(this.#layout);
  }
}
