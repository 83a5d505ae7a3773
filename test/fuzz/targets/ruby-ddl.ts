import { readFileSync } from 'node:fs';
import { convertAgentDdl, convertDataDdl, type ForeignDdl } from '@muster/protocol/ddl';
import { readRubyDdl } from '@muster/protocol/ruby-ddl';
import { writeRuby, type RubyStyle } from '../../contract/ddl/ruby-writer.ts';
import { assertDdl } from '../material/ddls.ts';
import { assertFault } from '../promises.ts';
import { toText, type FuzzTarget } from '../target.ts';

const styles: readonly [RubyStyle, ...RubyStyle[]] = [
  { pairs: 'arrows', quotes: 'double', blocks: 'do', parentheses: false, usage: '<<-', terse: false },
  { pairs: 'labels', quotes: 'single', blocks: 'braces', parentheses: true, usage: 'quoted', terse: false },
  { pairs: 'labels', quotes: 'percent', blocks: 'do', parentheses: true, usage: '<<~', terse: true },
];

/** What only computing DDLs do. */
const computed = `actions = %w[start stop]
limit = 1024 * 2 unless false
metadata :name => "service", :description => "A #{'b'.upcase} c", :timeout => limit > 5 ? 60 : 10, :version => [1, 2].join(".")
actions.each do |name|
  action name, :description => "#{name.capitalize} it" do
    display :always
    case name
    when 'stop' then input :force, :prompt => 'Force', :description => 'x', :type => :boolean, :optional => true
    else output(:state, :description => "State", :display_as => <<~TEXT.strip)
      The state
    TEXT
    end
  end
end
`;

export const openTarget = (): FuzzTarget => {
  const file = new URL('../../golden/ddl-shapes.json', import.meta.url);
  const shapes = JSON.parse(readFileSync(file, 'utf8')) as readonly ForeignDdl[]; // the file is ours and has this shape
  return {
    about:
      'DDLs in Ruby: read without running Ruby, or refused with a place; what was read becomes a DDL or is refused.',
    maxBytes: 512 * 1024 + 16,
    words: [
      ...[
        'do',
        'end',
        'if ',
        'unless ',
        'else',
        'elsif ',
        'case ',
        'when ',
        'then',
        'each',
        '|x|',
        '#{',
        '}',
        '%w[',
        '%q(',
      ],
      ...[
        '<<~A\n',
        '\nA\n',
        ' => ',
        '::',
        '&.',
        '==',
        '=~',
        '&&',
        '||',
        '**',
        '<<',
        '%',
        ' * ',
        '[',
        ']',
        '.join(',
        '.map',
      ],
      ...[':a', 'a: ', '"', "'", '/', '\\', '\n', 'x = ', 'x', 'action "a", :description => "b" do\n', 'metadata '],
    ],
    starts: [computed, ...shapes.map((shape, index) => writeRuby(shape, styles[index % styles.length] ?? styles[0]))],
    run(input) {
      const text = toText(input);
      const read = readRubyDdl(text);
      if (!read.ok) {
        assertFault(read.error, { text, codes: /^ddl\.malformed$/ });
        return;
      }
      const { kind, document } = read.value;
      if (kind !== 'agent' && kind !== 'data') return;
      const converted = kind === 'agent' ? convertAgentDdl(document) : convertDataDdl(document);
      if (converted.ok) assertDdl(converted.value.ddl);
      else assertFault(converted.error, { codes: /^ddl\.malformed$/ });
    },
  };
};
