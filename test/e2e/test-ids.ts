/** Test ids of the window, as its README lists them, each as a selector. */
const byId = (testId: string): string => `[data-testid="${testId}"]`;

export const parts = {
  navigation: (view: 'fleet' | 'compose' | 'history') => byId(`nav-${view}`),
  stranger: byId('stranger'),
  connection: byId('connection'),
  outage: byId('outage'),
  themeChoice: (theme: 'light' | 'dark' | 'system') => byId(`theme-${theme}`),

  fleetView: byId('fleet-view'),
  filterEditor: byId('filter-input-box'),
  filterText: `>>>${byId('filter-input')}`,
  filterFault: byId('filter-input-fault'),
  completions: '>>>.cm-tooltip-autocomplete',
  filterCount: byId('filter-count'),
  fleetRow: byId('fleet-grid-row'),
  nodePanel: byId('node-panel'),
  runOnNodes: byId('run-on-nodes'),

  composeView: byId('compose-view'),
  action: (name: string) => `${byId('action-option')}[data-key="${name}"]`,
  input: (name: string) => byId(`input-${name}`),
  targetCount: byId('target-count'),
  runButton: byId('run-button'),

  runView: byId('run-view'),
  runHeader: byId('run-header'),
  resultRow: byId('results-grid-row'),
  resultPanel: byId('result-detail'),

  historyView: byId('history-view'),
  historyRow: byId('history-grid-row'),
} as const;
