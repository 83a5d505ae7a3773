import { closeBrackets, closeBracketsKeymap } from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { jsonLanguage } from '@codemirror/lang-json';
import { HighlightStyle, syntaxHighlighting } from '@codemirror/language';
import { EditorState, StateField } from '@codemirror/state';
import { Decoration, EditorView, keymap, placeholder, WidgetType, type DecorationSet } from '@codemirror/view';
import { tags } from '@lezer/highlight';
import { findJsonFault } from './json-fault.ts';

const colours = HighlightStyle.define([
  { tag: tags.propertyName, color: 'var(--code-name)' },
  { tag: tags.string, color: 'var(--code-string)' },
  { tag: [tags.number, tags.bool, tags.null], color: 'var(--code-number)' },
]);

/** Marks a fault that lies behind the last character. */
class EndMark extends WidgetType {
  override toDOM(): HTMLElement {
    const mark = document.createElement('span');
    mark.className = 'fault-end';
    return mark;
  }
}

function mark(text: string): DecorationSet {
  const fault = findJsonFault(text);
  if (fault === null) return Decoration.none;
  if (fault.found === null) {
    return Decoration.set(Decoration.widget({ widget: new EndMark(), side: 1 }).range(text.length));
  }
  return Decoration.set(Decoration.mark({ class: 'fault' }).range(fault.position, fault.position + 1));
}

const faultMark = StateField.define<DecorationSet>({
  create: (state) => mark(state.doc.toString()),
  update: (marks, { docChanged, newDoc }) => (docChanged ? mark(newDoc.toString()) : marks),
  provide: (field) => EditorView.decorations.from(field),
});

const theme = EditorView.theme({
  '&': { fontSize: '12.5px', color: 'var(--ink)' },
  '&.cm-focused': { outline: 'none' },
  '.cm-scroller': { fontFamily: 'var(--mono)', lineHeight: '19px', minHeight: '76px', maxHeight: '280px' },
  '.cm-content': { padding: '6px 0', caretColor: 'var(--accent-ink)' },
  '.cm-line': { padding: '0 9px' },
  '.cm-placeholder': { color: 'var(--ink-faint)' },
  '&.cm-focused .cm-selectionBackground, .cm-selectionBackground': {
    background: 'color-mix(in srgb, var(--accent) 25%, transparent)',
  },
  '.fault': { textDecoration: 'underline wavy var(--bad)', textUnderlineOffset: '4px', background: 'var(--bad-soft)' },
  '.fault-end': {
    display: 'inline-block',
    width: '8px',
    height: '14px',
    verticalAlign: 'text-bottom',
    borderBottom: '2px solid var(--bad)',
  },
});

export interface JsonEditorOptions {
  /** The element to live in. Its shadow root takes the editor's style sheets, so no `<style>` element is needed. */
  readonly host: HTMLElement;
  readonly text: string;
  readonly label: string;
  /** What stands below the editor about it: read out with its name, since labels do not reach into a shadow root. */
  readonly description: string;
  readonly isRequired: boolean;
  readonly placeholder: string;
  readonly testId: string;
  readonly onEdit: (text: string) => void;
  readonly onLeave: () => void;
}

export interface JsonEditor {
  setText(text: string): void;
  destroy(): void;
}

/** An editor for JSON of several lines, which marks the very character where a text stops being JSON. Tab leaves it. */
export function createJsonEditor(options: JsonEditorOptions): JsonEditor {
  const root = options.host.shadowRoot ?? options.host.attachShadow({ mode: 'open', delegatesFocus: true });
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        keymap.of([...closeBracketsKeymap, ...historyKeymap, ...defaultKeymap]),
        history(),
        closeBrackets(),
        jsonLanguage,
        syntaxHighlighting(colours),
        faultMark,
        placeholder(options.placeholder),
        EditorView.lineWrapping,
        theme,
        EditorView.contentAttributes.of({
          'aria-label': options.label,
          'aria-description': options.description,
          'aria-required': String(options.isRequired),
          'data-testid': options.testId,
          spellcheck: 'false',
          tabindex: '0',
        }),
        EditorView.domEventHandlers({ blur: () => options.onLeave() }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onEdit(update.state.doc.toString());
        }),
      ],
    }),
  });
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } });
    },
    destroy: () => view.destroy(),
  };
}
