import type { Component } from 'svelte';
import { texts } from '../../texts/texts.ts';
import AuditTab from './AuditTab.svelte';
import JoinsTab from './JoinsTab.svelte';
import KeysTab from './KeysTab.svelte';
import PoliciesTab from './PoliciesTab.svelte';

interface SecurityTab {
  /** As in the address, `#/security/ID`: small letters and hyphens. */
  readonly id: string;
  readonly label: string;
  readonly content: Component;
}

/** The tabs of the page, in their order; the first is shown when none is asked for. */
export const securityTabs: readonly [SecurityTab, ...SecurityTab[]] = [
  { id: 'keys', label: texts.security.tabs.keys, content: KeysTab },
  { id: 'joins', label: texts.security.tabs.joins, content: JoinsTab },
  { id: 'policies', label: texts.security.tabs.policies, content: PoliciesTab },
  { id: 'audit', label: texts.security.tabs.audit, content: AuditTab },
];
