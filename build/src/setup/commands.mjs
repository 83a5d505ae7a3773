import { inCheckout } from './checkout.mjs';

const rabbitmq = ['rabbitmq-server'];
const browser = ['chromium', 'chromium-driver'];
/** What tests of agents in other languages run. */
const languages = ['python3', 'ruby'];
/** What shipped agents work with, for their tests. */
const managed = ['iputils-ping', 'monitoring-plugins-basic'];
const puppet = ['puppet-agent'];
/** What the fault suite steps clocks with. */
const faults = ['libfaketime'];
const hasDisplay = Boolean(process.env.DISPLAY || process.env.WAYLAND_DISPLAY);

/**
 * What each command needs of the system (see `system-programs.mjs`), whether it shows the window, and what it runs once
 * everything is built; `build` itself runs nothing more.
 *
 * @type {Record<string, { programs: string[], window: boolean, run: string[] | null }>}
 */
export const commands = {
  build: { programs: [], window: true, run: null },
  demo: {
    programs: hasDisplay ? [...rabbitmq, 'chromium'] : rabbitmq,
    window: true,
    run: [inCheckout('build/dist/demo/main.js')],
  },
  fleet: { programs: rabbitmq, window: false, run: [inCheckout('build/dist/fleet/main.js')] },
  console: { programs: [], window: true, run: [inCheckout('electron/dist/browser-host/main.js')] },
  test: {
    programs: [...rabbitmq, ...browser, ...languages, ...managed, ...puppet, ...faults],
    window: true,
    run: [inCheckout('build/dist/check/main.js')],
  },
  'test:puppet': {
    programs: [...rabbitmq, 'puppetdb', 'postgresql', 'puppetserver', 'puppet-agent'],
    window: false,
    run: [inCheckout('build/dist/check/main.js'), 'puppet'],
  },
  e2e: {
    programs: [...rabbitmq, ...browser, ...puppet],
    window: true,
    run: [inCheckout('build/dist/check/main.js'), 'e2e'],
  },
  'e2e:electron': { programs: rabbitmq, window: true, run: [inCheckout('build/dist/check/main.js'), 'e2e:electron'] },
  fuzz: { programs: [], window: false, run: [inCheckout('test/fuzz/main.ts')] },
  'test:faults': { programs: [...rabbitmq, ...faults], window: false, run: [inCheckout('test/faults/main.ts')] },
  'bench:restart': {
    programs: [...rabbitmq, ...faults, 'mcollective', 'mcollective-client', 'ruby-stomp'],
    window: false,
    run: [inCheckout('test/faults/peer/main.ts')],
  },
  bench: { programs: browser, window: true, run: [inCheckout('test/bench/main.ts')] },
  sbom: { programs: [], window: false, run: [inCheckout('build/dist/sbom/main.js')] },
  shots: { programs: [...rabbitmq, ...browser, ...puppet], window: true, run: [inCheckout('test/shots/main.ts')] },
};
