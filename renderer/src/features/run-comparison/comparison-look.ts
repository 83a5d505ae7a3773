import ArrowLeftRight from '@lucide/svelte/icons/arrow-left-right';
import Equal from '@lucide/svelte/icons/equal';
import Minus from '@lucide/svelte/icons/minus';
import PencilLine from '@lucide/svelte/icons/pencil-line';
import Plus from '@lucide/svelte/icons/plus';
import type { ComparisonKind } from '@muster/protocol/bridge';
import type { Tone } from '../../ui/badge/tone.ts';
import type { Icon } from '../../ui/icon.ts';

/** How each kind of difference looks: by an icon, and by a colour that says no more than the icon. */
export const comparisonLook: Readonly<Record<ComparisonKind, { readonly icon: Icon; readonly tone: Tone }>> = {
  state: { icon: ArrowLeftRight, tone: 'bad' },
  changed: { icon: PencilLine, tone: 'warn' },
  only_before: { icon: Minus, tone: 'idle' },
  only_after: { icon: Plus, tone: 'busy' },
  same: { icon: Equal, tone: 'ok' },
};
