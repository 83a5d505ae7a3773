/** The tabs of the settings in their order, as in the address `#/settings/TAB`; the first is shown when none is asked for. */
export const settingsTabs = ['appearance', 'shortcuts', 'notifications', 'fleets', 'console', 'log', 'about'] as const;
export type SettingsTab = (typeof settingsTabs)[number];
