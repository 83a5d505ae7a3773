import { texts } from '../../texts/texts.ts';

const ids = ['facts', 'changes', 'classes', 'agents', 'runs', 'compare', 'about'] as const;
export type NodeTab = (typeof ids)[number];

/** The pages of a node, in their order. */
export const nodeTabs = ids.map((id) => ({ id, label: texts.nodePage.tabs[id] }));

/** The page that an address names; the first when it names none. */
export const nodeTab = (id: string | null): NodeTab => ids.find((known) => known === id) ?? 'facts';
