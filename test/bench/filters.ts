/** A filter to count with; `text` differs a little from run to run, so that no earlier answer helps. */
export interface BenchFilter {
  readonly name: string;
  readonly conditions: number;
  readonly text: (run: number) => string;
}

const fraction = (run: number): string => String(run % 1000).padStart(3, '0');

export const benchFilters: readonly BenchFilter[] = [
  { name: 'text of few values', conditions: 1, text: (run) => `os.family!=Debian${run}` },
  { name: 'number', conditions: 1, text: (run) => `processors.count>=7.${fraction(run)}` },
  {
    name: 'number of many values',
    conditions: 1,
    text: (run) => `memory.system.used_bytes>8000000000.${fraction(run)}`,
  },
  { name: 'regex over few values', conditions: 1, text: (run) => `os.name=~/^(Deb|Ub|x${run})/` },
  {
    name: 'regex over a value for each node',
    conditions: 1,
    text: (run) => `networking.fqdn=~/^web\\d*(7|x${run})\\./`,
  },
  { name: 'class', conditions: 1, text: (run) => `@class=~/^role::(web|x${run})/` },
  { name: 'identity', conditions: 1, text: (run) => `@identity=web[01-${run + 500}].eu.example.com` },
  {
    name: 'five conditions',
    conditions: 5,
    text: (run) =>
      `os.family=Debian and processors.count>=3.${fraction(run)} and not (role=db or region=us) and @class=~/^profile::(nginx|x${run})/`,
  },
  {
    name: 'five conditions, many values',
    conditions: 5,
    text: (run) =>
      `memory.system.used_bytes>4000000000.${fraction(run)} and system_uptime.seconds<9000000.${fraction(run)} and (networking.ip=~/^10\\.1\\d\\.(${run % 200}|4)/ or @identity=web*) and site.group0.item1>500.${fraction(run)}`,
  },
  {
    name: 'five conditions, five regexes',
    conditions: 5,
    text: (run) =>
      `(networking.fqdn=~/(0|${run})\\.eu/ or networking.mac=~/a${run % 10}$/) and os.name=~/^(Deb|x${run})/ and not kernelrelease=~/^(5|x${run})/ and @identity=~/^(web|x${run})/`,
  },
];

/** What a person types; each of its beginnings that is a filter is counted. It differs from run to run. */
export const typed = (run: number): string =>
  `os.family!=SLES${run} and processors.count>=4.${fraction(run)} and not role=db${run} and networking.fqdn=~/^web|x${run}/ and web`;
