import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ForeignDdl } from '../ddl/index.ts';
import { readRubyDdl } from './read-ruby-ddl.ts';

function read(text: string): ForeignDdl {
  const result = readRubyDdl(text);
  if (!result.ok) throw new Error(result.error.message);
  return result.value.document;
}
/** What the text makes of a property of the metadata. */
const value = (expression: string, before = ''): unknown => read(`${before}\nmetadata :x => ${expression}`).meta['x'];
const refusal = (text: string): string => {
  const result = readRubyDdl(text);
  return result.ok ? 'read' : result.error.message;
};

describe('values', () => {
  it.each([
    ['nil', null],
    ['true', true],
    ['-1', -1],
    ['1_000', 1000],
    ['0x1F', 31],
    ['1.5e3', 1500],
    ['10 * 1024', 10_240],
    ['7 / 2', 3],
    ['-7 % 3', 2],
    ['2 + 3 * 4 - 1', 13],
    ['(2 + 3) * 4', 20],
    [':word', 'word'],
    [':"two words"', 'two words'],
    [':ok?', 'ok?'],
    ['"tab\\t\\"quote\\" \\u00e4 \\x41 \\u{1F600}"', 'tab\t"quote" ä A 😀'],
    ["'it\\'s \\n \\\\'", "it's \\n \\"],
    ['"a" "b" \\\n "c"', 'abc'],
    ['"a" + \'b\' +\n "c"', 'abc'],
    ['"ab" * 3', 'ababab'],
    ['"%s has %05.1f" % ["a", 2.25]', 'a has 002.3'],
    ['%q(a (nested) b)', 'a (nested) b'],
    ['%Q{a #{1 + 1}}', 'a 2'],
    ['%(plain)', 'plain'],
    ['%w[a b\n c]', ['a', 'b', 'c']],
    ['%i(a b)', ['a', 'b']],
    ['["a", :b, nil,]', ['a', 'b', null]],
    ['{:a => 1, "b" => {c: 2}, "d": 3, 4 => 5}', { a: 1, b: { c: 2 }, d: 3, 4: 5 }],
    ['{}', {}],
    ['/a\\/[b#]\\s/', '(?-mix:a\\/[b#]\\s)'],
    ['/a/i', '(?i-mx:a)'],
    ['/a/mix', '(?mix:a)'],
    ['%r{^/etc/}x', '(?x-mi:^/etc/)'],
    ['/a#{1 + 1}/', '(?-mix:a2)'],
    ['(1..3).map { |n| "n#{n}" }', ['n1', 'n2', 'n3']],
    ['(1...3).to_a', [1, 2]],
  ])('%s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ['true ? "a" : "b"', 'a'],
    ['nil || "b"', 'b'],
    ['1 && nil', null],
    ['!true', false],
    ['(not nil)', true],
    ['"abc" =~ /B/i ? 1 : 2', 1],
    ['"abc" !~ /z/', true],
    ['["a"].include?("a") && 2 > 1', true],
    ['1 == 1.0', true],
    ['"a" == :a', false],
    ['if false then 1 else 2 end', 2],
    ['case "x" when "a", /x/ then 1 else 2 end', 1],
  ])('%s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it.each([
    ['"word".capitalize', 'Word'],
    [':word.to_s.upcase', 'WORD'],
    ['"a-b-c".gsub("-", "_").sub("a", "z").tr("_", " ")', 'z b c'],
    ['" x ".strip.length', 1],
    ['"a,b".split(",").join(" and ")', 'a and b'],
    ['["b", "a", "b", nil].compact.uniq.sort.reverse.first', 'b'],
    ['[[1, 2], 3].flatten', [1, 2, 3]],
    ['{a: 1}.merge({b: 2}).keys', ['a', 'b']],
    ['{a: 1}[:a]', 1],
    ['["x", "y"][-1]', 'y'],
    ['[1, 2, 3].select { |n| n > 1 }', [2, 3]],
    ['"text".freeze', 'text'],
    ['nil.to_s', ''],
    ['"path/to".start_with?("path")', true],
  ])('%s', (expression, expected) => {
    expect(value(expression)).toEqual(expected);
  });

  it('knows variables and constants', () => {
    expect(value('[name, LIMIT, other]', 'name = "n"\nLIMIT = 5\nother ||= name + "!"\nname += "?"')).toEqual([
      'n?',
      5,
      'n!',
    ]);
  });
  it('tells an index from an argument, and a value from an operator', () => {
    expect(value('[list[0], count - 1, count / 3]', 'list = [7]\ncount = 3')).toEqual([7, 2, 1]);
    expect(read('usage [1].inspect').usage).toBe('[1]');
  });
});

describe('heredocs', () => {
  it.each([
    ['usage <<USAGE\n  one\n two #{1 + 1}\nUSAGE\n', '  one\n two 2\n'],
    ['usage <<-USAGE\n  one\n  USAGE\n', '  one\n'],
    ['usage <<~USAGE\n    one\n      two\n\n    three\\tx\n  USAGE\n', 'one\n  two\n\nthree\tx\n'],
    ["usage <<-'USAGE'\n a #{b} \\n\n USAGE\n", ' a #{b} \\n\n'],
    ['usage <<-"THE END".strip\n  a\nTHE END\n', 'a'],
    ['usage(<<-A + <<-B)\na\nA\nb\nB\n', 'a\nb\n'],
    ['usage <<-U\r\na\r\nU\r\n', 'a\n'],
  ])('%j', (text, expected) => {
    const { usage, meta } = read(`${text}metadata :after => true`);
    expect({ usage, meta }).toEqual({ usage: expected, meta: { after: true } });
  });
});

describe('a DDL', () => {
  it('may loop, choose and note', () => {
    const { actions } = read(`
# a note
=begin
metadata :not => "this"
=end
kinds = %w{start stop}

kinds.each do |act|
  action act, :description => "#{act.capitalize} a service" do
    display :always # shown

    input :service,
          :prompt => 'Service',       # a note
          # and one more
          :type => :string,
          :optional => false

    if act == "stop"
      input :force, :type => :boolean, :optional => true
    elsif act == "start"
      output(:pid, {:description => "Process"})
    else
      input :never
    end
    output :status, :description => "Status" unless act == "start"
    output :both, :description => "x" if kinds.size == 2

    summarize do
      aggregate summary(:status)
      aggregate average(:pid, :format => "%d"), {:format => "%s"}
    end
  end
end

action("status", :description => "Tells") { display :failed }
__END__
this is no Ruby at all: }}}
`);
    expect(actions).toEqual([
      {
        name: 'start',
        description: 'Start a service',
        display: 'always',
        inputs: [{ name: 'service', prompt: 'Service', type: 'string', optional: false }],
        outputs: [
          { name: 'pid', description: 'Process' },
          { name: 'both', description: 'x' },
        ],
        aggregate: [
          [['summary', 'status'], null],
          [['average', 'pid', { format: '%d' }], { format: '%s' }],
        ],
      },
      {
        name: 'stop',
        description: 'Stop a service',
        display: 'always',
        inputs: [
          { name: 'service', prompt: 'Service', type: 'string', optional: false },
          { name: 'force', type: 'boolean', optional: true },
        ],
        outputs: [
          { name: 'status', description: 'Status' },
          { name: 'both', description: 'x' },
        ],
        aggregate: [
          [['summary', 'status'], null],
          [['average', 'pid', { format: '%d' }], { format: '%s' }],
        ],
      },
      { name: 'status', description: 'Tells', display: 'failed', inputs: [], outputs: [], aggregate: [] },
    ]);
  });

  it('goes on on the next line after an operator, a comma, a bracket, a backslash, and before a dot', () => {
    const { meta } = read(
      'metadata :a =>\n 1, :b => [\n1,\n2\n], :c => "x"\n  .upcase\n  # why\n  .downcase, \\\n :d => 2',
    );
    expect(meta).toEqual({ a: 1, b: [1, 2], c: 'x', d: 2 });
  });

  it.each([
    ['dataquery :description => "D" do\n input :query, :type => :string\nend', 'data'],
    ['action "a", :description => "A"', 'agent'],
    ['discovery do\n capabilities [:facts]\nend', 'discovery'],
    ['metadata :name => "x"', 'other'],
    ['\uFEFF# nothing', 'other'],
  ])('%j is of a kind', (text, kind) => {
    expect(readRubyDdl(text)).toMatchObject({ ok: true, value: { kind } });
  });
});

describe('what is broken, or needs Ruby, is refused with its place', () => {
  it.each([
    ['metadata :a => "x\n', 'Line 1, column 16: the text that begins here has no closing "'],
    ['usage <<-U\n x', 'Line 1, column 7: the text that begins here has no line U to end it'],
    ['action "a", :description => "A" do\n', 'Line 2, column 1: end is missing before the end'],
    ['\n\n  end', 'Line 3, column 3: end is out of place'],
    ['metadata :a => )', 'Line 1, column 16: a value is missing before )'],
    ['metadata :a => [1, 2', 'Line 1, column 21: ] is missing before the end'],
    ['metadata :a => 1 2', 'Line 1, column 18: 2 is out of place'],
    ['metadata "x"', 'Line 1, column 1: metadata takes properties'],
    ['input :a, :b => 1', 'Line 1, column 1: input stands outside an action'],
    ['action "a", {}', 'Line 1, column 1: a needs a description'],
    ['action 5, :description => "A"', 'Line 1, column 1: action takes a text or a symbol first'],
    ['frobnicate 1', 'Line 1, column 1: frobnicate is no word of a DDL'],
    ['require "yaml"', 'Line 1, column 1: require is no word of a DDL'],
    ['system("true")', 'Line 1, column 1: system is no word of a DDL'],
    ['x = `id`', 'Line 1, column 5: a DDL is read without running commands'],
    ['metadata :a => File.read("/etc/passwd")', 'Line 1, column 16: a DDL is read without the rest of Ruby: no File'],
    ['metadata :a => MCollective::Util', 'Line 1, column 27: a DDL is read without the rest of Ruby: no :: and no &.'],
    ['metadata :a => "x".instance_eval("1")', 'no instance_eval of a text'],
    ['metadata :a => 5.constructor', 'no constructor of a number'],
    ['while true\nend', 'Line 1, column 1: a DDL is read without the rest of Ruby: no while'],
    ['def x\nend', 'no def'],
    ['metadata :a => "x" * 1000000000', '* cannot be applied to these values'],
    ['metadata :a => (1..100000000)', 'this makes too many elements'],
    ['x = "0123456789" * 6000\ny = x + x', 'this makes too long a text'],
    ['(1..9000).each { |a| (1..9000).each { |b| b } }', 'this takes too many steps'],
    [`metadata :a => ${'['.repeat(500)}`, 'nested too deeply'],
    [`metadata :a => ${'"#{'.repeat(500)}`, 'nested too deeply'],
    [`metadata :a => ${'!'.repeat(500)}1`, 'nested too deeply'],
    ['if true\n'.repeat(500), 'nested too deeply'],
    ['metadata :a => 1 / 0', '/ cannot be applied to these values'],
    ['metadata :a => ("x" =~ /(?=y)/)', 'RE2 cannot do this regular expression'],
    ['metadata :a => "\\u{FFFFFF}"', 'there is no such character'],
    ['metadata :a => ?a', 'a value is missing before ?'],
    ['metadata :a => \u0001', 'means nothing here'],
    [
      'action "a", :description => "A" do\n action "b", :description => "B"\nend',
      'Line 2, column 2: an action stands within another',
    ],
    ['action "a", :description => "A"\ndataquery :description => "B"', 'actions and a dataquery do not mix'],
    ['action "a", :description => "A" do\n aggregate summary(:x)\nend', 'summary is no word of a DDL'],
  ])('%j', (text, message) => {
    expect(refusal(text)).toContain(message);
  });

  it('gives the place as offsets, too', () => {
    expect(readRubyDdl('\n  end')).toMatchObject({
      ok: false,
      error: { code: 'ddl.malformed', position: { start: 3 } },
    });
  });

  it('points into the text, also where it ends too early', () => {
    for (const text of ['"', ':', 'x = ', 'action "a", :description => "b" do\n']) {
      const result = readRubyDdl(text);
      if (result.ok) throw new Error(`${text} was read`);
      expect(result.error.position?.end).toBeLessThanOrEqual(text.length);
    }
  });
  it('takes no files of any size', () => {
    expect(refusal('#'.repeat(600_000))).toContain('longer than');
  });
});

const pieces = fc.constantFrom(
  ...'metadata action dataquery input output display summarize aggregate summary usage discovery capabilities requires'.split(
    ' ',
  ),
  ...'do end if unless elsif else case when then and or not nil true false self while def'.split(' '),
  ...[
    '=>',
    '==',
    '=~',
    '||=',
    '<<-U',
    '<<~U',
    '\nU\n',
    '..',
    '::',
    '&.',
    '#{',
    '${',
    '%w[',
    '%q(',
    '%r{',
    '/x/',
    '|a|',
  ],
  ...'{}[]()<>.,;:?!+-*/%=&|"\'`\\#'.split(''),
  ...[':a', ':description', 'a:', 'x', 'X', '1', '"s"', "'s'", '\n', ' ', '\t', '__END__', '=begin', '.each', '.map'],
);

it('never throws and always ends, whatever it is given', () => {
  const glued = fc
    .array(fc.tuple(pieces, fc.constantFrom('', ' ')), { maxLength: 80 })
    .map((all) => all.flat().join(''));
  fc.assert(
    fc.property(fc.oneof(glued, fc.string({ unit: 'binary', maxLength: 200 })), (text) => {
      const result = readRubyDdl(text);
      return result.ok || result.error.code === 'ddl.malformed';
    }),
    { numRuns: 1500 },
  );
});

it('never throws on a DDL with a hole or a patch', () => {
  const whole = `metadata :name => "x", :timeout => 10\nusage <<-U\n text #{1 + 1}\nU\n[:a, :b].each do |x|\n  action x.to_s, :description => "D #{x}" do\n    input :i, :type => :string, :validation => /^a$/, :list => %w{a b}\n    summarize do\n      aggregate summary(:i, {:format => "%s"})\n    end\n  end\nend\n`;
  expect(readRubyDdl(whole).ok).toBe(true);
  fc.assert(
    fc.property(fc.nat(whole.length), fc.nat(30), pieces, (at, length, patch) => {
      const text = whole.slice(0, at) + patch + whole.slice(at + length);
      const result = readRubyDdl(text);
      return result.ok || result.error.code === 'ddl.malformed';
    }),
    { numRuns: 1500 },
  );
});
