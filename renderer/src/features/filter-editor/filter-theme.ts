import { EditorView } from '@codemirror/view';

/** How the filter line looks; colours come from the theme's custom properties, which reach into the shadow root. */
export const filterTheme = EditorView.theme({
  '&': { fontSize: '13px', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '20px', overflowX: 'auto', scrollbarWidth: 'none' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--accent-ink)' },
  '.cm-line': { padding: '0 2px' },
  // As wide as the line allows, so that what does not fit is cut with an ellipsis.
  '.cm-content:has(.cm-placeholder)': { flexShrink: '1', minWidth: '0' },
  '.cm-placeholder': {
    maxWidth: '100%',
    overflow: 'hidden',
    color: 'var(--ink-faint)',
    fontFamily: 'var(--font)',
    textOverflow: 'ellipsis',
    whiteSpace: 'nowrap',
  },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 25%, transparent)',
  },
  '.tok-keyword': { color: 'var(--code-keyword)', fontWeight: '600' },
  '.tok-special': { color: 'var(--code-keyword)' },
  '.tok-operator, .tok-bracket': { color: 'var(--code-operator)' },
  '.tok-string, .tok-value': { color: 'var(--code-string)' },
  '.tok-regex': { color: 'var(--code-number)' },
  '.tok-name': { color: 'var(--code-name)' },
  '.fault': { textDecoration: 'underline wavy var(--bad)', textUnderlineOffset: '4px', background: 'var(--bad-soft)' },
  '.fault-end': {
    display: 'inline-block',
    width: '8px',
    height: '15px',
    verticalAlign: 'text-bottom',
    borderBottom: '2px solid var(--bad)',
  },
  '.cm-tooltip': {
    border: '1px solid var(--line)',
    borderRadius: '8px',
    background: 'var(--raised)',
    boxShadow: 'var(--shadow)',
    overflow: 'hidden',
    zIndex: '50',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul': {
    fontFamily: 'var(--font)',
    fontSize: '12.5px',
    maxHeight: '300px',
    minWidth: '320px',
    padding: '4px',
  },
  '.cm-tooltip.cm-tooltip-autocomplete > ul > li': {
    display: 'flex',
    justifyContent: 'space-between',
    gap: '24px',
    padding: '3px 8px',
    borderRadius: '4px',
    lineHeight: '20px',
  },
  '.cm-tooltip-autocomplete ul li[aria-selected]': { background: 'var(--selected)', color: 'var(--ink)' },
  '.cm-completionMatchedText': { textDecoration: 'none', fontWeight: '650', color: 'var(--accent-ink)' },
  '.cm-completionDetail': { fontStyle: 'normal', color: 'var(--ink-faint)', marginLeft: '0' },
});
