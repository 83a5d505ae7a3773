import {
  acceptCompletion,
  autocompletion,
  completionKeymap,
  completionStatus,
  startCompletion,
  type CompletionContext,
  type CompletionResult,
} from '@codemirror/autocomplete';
import { defaultKeymap, history, historyKeymap } from '@codemirror/commands';
import { EditorState, Prec, StateEffect, StateField, type Extension } from '@codemirror/state';
import {
  Decoration,
  EditorView,
  keymap,
  placeholder,
  ViewPlugin,
  WidgetType,
  type DecorationSet,
} from '@codemirror/view';
import type { TextSpan } from '@muster/protocol/errors';
import { filterSuggestions } from './filter-completion.ts';
import { filterTheme } from './filter-theme.ts';
import { filterTokens } from './filter-tokens.ts';
import type { FilterWords } from './filter-vocabulary.svelte.ts';

/** Any change that would break the line becomes a blank. */
const singleLine = EditorState.transactionFilter.of((transaction) => {
  if (!transaction.docChanged || transaction.newDoc.lines === 1) return transaction;
  const text = transaction.newDoc.sliceString(0, undefined, ' ');
  return [
    { changes: { from: 0, to: transaction.startState.doc.length, insert: text }, selection: { anchor: text.length } },
  ];
});

const paint = (view: EditorView): DecorationSet =>
  Decoration.set(
    filterTokens(view.state.doc.toString()).map(({ kind, start, end }) =>
      Decoration.mark({ class: `tok-${kind}` }).range(start, end),
    ),
  );

const colours = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = paint(view);
    }
    update({ docChanged, view }: { docChanged: boolean; view: EditorView }): void {
      if (docChanged) this.decorations = paint(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

/** Marks a fault that lies behind the last character. */
class EndMark extends WidgetType {
  override toDOM(): HTMLElement {
    const mark = document.createElement('span');
    mark.className = 'fault-end';
    return mark;
  }
}

const setFaultSpan = StateEffect.define<TextSpan | null>();

const faultMarks = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(marks, transaction) {
    const length = transaction.newDoc.length;
    for (const effect of transaction.effects) {
      if (!effect.is(setFaultSpan)) continue;
      if (effect.value === null) return Decoration.none;
      const start = Math.min(effect.value.start, length);
      const end = Math.min(effect.value.end, length);
      if (end > start) return Decoration.set(Decoration.mark({ class: 'fault' }).range(start, end));
      return Decoration.set(Decoration.widget({ widget: new EndMark(), side: 1 }).range(start));
    }
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function completions(vocabulary: FilterWords): Extension {
  const source = async (context: CompletionContext): Promise<CompletionResult | null> => {
    const found = await filterSuggestions(context.state.sliceDoc(0, context.pos), vocabulary);
    if (found === null || found.suggestions.length === 0) return null;
    return {
      from: found.from,
      options: found.suggestions.map(({ label, insert, detail }) => ({
        label,
        detail,
        apply: (view: EditorView, _completion: unknown, from: number, to: number) => {
          view.dispatch({
            changes: { from, to, insert },
            selection: { anchor: from + insert.length },
            userEvent: 'input.complete',
          });
          // What comes next after a fact's operator or a condition can be proposed at once.
          if (/[= ]$/.test(insert)) startCompletion(view);
        },
      })),
    };
  };
  return autocompletion({ override: [source], icons: false, maxRenderedOptions: 60 });
}

const isProposing = (state: EditorState): boolean => completionStatus(state) === 'active';

export interface FilterEditorOptions {
  /** The element to live in. Its shadow root takes the editor's style sheets, so no `<style>` element is needed. */
  readonly host: HTMLElement;
  readonly text: string;
  readonly label: string;
  readonly placeholder: string;
  readonly testId: string;
  readonly vocabulary: FilterWords;
  readonly onEdit: (text: string) => void;
  /** Enter was pressed. */
  readonly onSubmit: () => void;
  /** The list of proposals was opened or closed. */
  readonly onPropose: (isOpen: boolean) => void;
}

export interface FilterEditor {
  setText(text: string): void;
  setFault(span: TextSpan | null): void;
  /** Where a character stands, in pixels from the left edge of the host; null while it is out of sight. */
  xOf(position: number): number | null;
  focus(): void;
  destroy(): void;
}

/** A line of text for a filter: coloured, completed from the fleet's own words, with faults marked where they are. */
export function createFilterEditor(options: FilterEditorOptions): FilterEditor {
  const root = options.host.shadowRoot ?? options.host.attachShadow({ mode: 'open', delegatesFocus: true });
  const submit = Prec.high(
    keymap.of([
      {
        key: 'Enter',
        run: (view) => {
          if (isProposing(view.state) && acceptCompletion(view)) return true;
          options.onSubmit();
          return true;
        },
      },
      { key: 'Tab', run: acceptCompletion },
    ]),
  );
  const view = new EditorView({
    root,
    parent: root,
    state: EditorState.create({
      doc: options.text,
      extensions: [
        submit,
        keymap.of([...completionKeymap, ...historyKeymap, ...defaultKeymap]),
        history(),
        singleLine,
        colours,
        faultMarks,
        completions(options.vocabulary),
        placeholder(options.placeholder),
        filterTheme,
        // The key that closes the proposals must not close a dialog around the line too.
        Prec.highest(
          EditorView.domEventHandlers({
            keydown(event, view) {
              if (event.key === 'Escape' && completionStatus(view.state) !== null) event.stopPropagation();
              return false;
            },
          }),
        ),
        EditorView.contentAttributes.of({
          'aria-label': options.label,
          'data-testid': options.testId,
          spellcheck: 'false',
          tabindex: '0',
        }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) options.onEdit(update.state.doc.toString());
          const isOpen = isProposing(update.state);
          if (isOpen !== isProposing(update.startState)) options.onPropose(isOpen);
        }),
      ],
    }),
  });
  return {
    setText(text) {
      if (text === view.state.doc.toString()) return;
      view.dispatch({
        changes: { from: 0, to: view.state.doc.length, insert: text },
        selection: { anchor: text.length },
      });
    },
    setFault: (span) => view.dispatch({ effects: setFaultSpan.of(span) }),
    xOf(position) {
      const place = view.coordsAtPos(Math.min(position, view.state.doc.length));
      return place === null ? null : place.left - options.host.getBoundingClientRect().left;
    },
    focus: () => view.focus(),
    destroy: () => view.destroy(),
  };
}
