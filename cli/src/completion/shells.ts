import { cleanLine } from '../output/clean-text.ts';
import type { Candidate, Completion } from './candidates.ts';

export const shells = ['bash', 'zsh', 'fish'] as const;
export type Shell = (typeof shells)[number];

/** The line that tells a shell to complete names of files. */
const filesLine = ':files\n';

const bash = `# Completion of muster for bash. In ~/.bashrc: eval "$(muster completion bash)"
_muster_complete() {
  local line
  COMPREPLY=()
  while IFS= read -r line; do
    if [[ $line == ':files' ]]; then
      compopt -o default
      COMPREPLY=()
      return
    fi
    COMPREPLY+=("$line")
  done < <("$1" completion --complete bash --line "\${COMP_LINE:0:COMP_POINT}" --breaks "$COMP_WORDBREAKS" 2>/dev/null)
  if [[ \${#COMPREPLY[@]} -eq 1 && \${COMPREPLY[0]} == *= ]]; then
    compopt -o nospace
  fi
}
complete -F _muster_complete muster
`;

const zsh = `#compdef muster
# Completion of muster for zsh. In ~/.zshrc, after compinit: eval "$(muster completion zsh)"
_muster() {
  local line value
  local -a whole open wholeShown openShown
  while IFS= read -r line; do
    if [[ $line == ':files' ]]; then
      _files
      return
    fi
    value="\${line%%$'\\t'*}"
    if [[ $value == *= ]]; then
      open+=("$value")
      openShown+=("\${line/$'\\t'/  -- }")
    else
      whole+=("$value")
      wholeShown+=("\${line/$'\\t'/  -- }")
    fi
  done < <("\${words[1]}" completion --complete zsh -- "\${(@Q)words[2,CURRENT]}" 2>/dev/null)
  (( \${#whole} )) && compadd -l -d wholeShown -a whole
  (( \${#open} )) && compadd -S '' -l -d openShown -a open
}
compdef _muster muster
`;

const fish = `# Completion of muster for fish. In ~/.config/fish/config.fish: muster completion fish | source
function __muster_complete
    set -l typed (commandline -opc)
    set -l current (commandline -ct)
    set -l found ($typed[1] completion --complete fish -- $typed[2..-1] "$current" 2>/dev/null)
    if test "$found[1]" = ':files'
        __fish_complete_path "$current"
    else
        printf '%s\\n' $found
    end
end
complete -c muster -f -a '(__muster_complete)'
`;

/** The script that teaches a shell. */
export const completionScripts: Readonly<Record<Shell, string>> = { bash, zsh, fish };

/** Text as one word of a bash command line: whatever it holds, nothing of it is obeyed. */
const bashWord = (text: string): string => text.replaceAll(/[^\p{L}\p{N}_@%+=:,./-]/gu, '\\$&');

/** How much of a word stays where it is when bash completes: it goes back to the last of these characters only. */
function keptPart(raw: string, breaks: string): string {
  if (/^["']/.test(raw)) return '';
  const ends = [':', '='].filter((char) => breaks.includes(char)).map((char) => raw.lastIndexOf(char));
  return raw.slice(0, Math.max(-1, ...ends) + 1);
}

function bashLine({ value }: Candidate, { raw, breaks }: BashWord): string {
  const quote = /^["']/.exec(raw)?.[0];
  // Inside quotes bash itself closes them; what would end them or be obeyed there cannot be offered.
  if (quote !== undefined) return /["'$`\\!]/.test(value) ? '' : value;
  const word = bashWord(value);
  const kept = keptPart(raw, breaks);
  return word.startsWith(kept) ? word.slice(kept.length) : '';
}

interface BashWord {
  /** The word as it stands in the line. */
  readonly raw: string;
  /** `COMP_WORDBREAKS`. */
  readonly breaks: string;
}

/** Candidates as the script of the shell reads them, one a line. */
export function completionText(shell: Shell, completion: Completion, word: BashWord): string {
  if (completion === 'files') return filesLine;
  const line = (candidate: Candidate) => {
    if (shell === 'bash') return bashLine(candidate, word);
    const { value, description = '' } = candidate;
    return description === '' ? value : `${value}\t${cleanLine(description)}`;
  };
  return completion
    .map(line)
    .filter((text) => text !== '')
    .map((text) => `${text}\n`)
    .join('');
}
