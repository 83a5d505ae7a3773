import { formatDuration, formatNumber } from '../format.ts';

const nodes = (count: number): string => `${formatNumber(count)} ${count === 1 ? 'node' : 'nodes'}`;

/** Texts of the first run. */
export const setupTexts = {
  setup: {
    title: 'Set up this console',
    more: 'It needs to know its broker, and a key of its own that the fleet trusts.',
    steps: { connect: 'Connect', enrol: 'Enrol', try: 'Try it' },
    stepsLabel: 'Steps',
    ways: 'What do you have?',
    way: { join: 'An invitation', bring: 'A certificate and its key' },
    paths: 'Paths on the computer of this console, which reads the files itself: no key enters the window.',
    file: 'Invitation file',
    fileExample: '~/alice.join',
    fileHint: 'from muster ca invite',
    read: 'Read the invitation',
    reading: 'Reading…',
    forName: 'For',
    broker: 'Broker',
    authority: 'Authority',
    fingerprint: 'Fingerprint of its certificate',
    compare: 'Whoever invited you can confirm it: from now on this console believes whom this authority certifies.',
    expires: 'Good until',
    name: 'Your name',
    nameHint: (names: string) => `the invitation is for ${names}`,
    join: (name: string) => (name === '' ? 'Join' : `Join as ${name}`),
    urls: 'Broker',
    urlsHint: 'amqps://HOST:5671; several with commas',
    ca: 'Certificate of the authority',
    certificate: 'Your certificate',
    key: 'Its private key',
    bring: 'Check and connect',
    checking: 'Checking…',
    evenSo: 'Set up without the broker',
    joining: (name: string) => `Joining as ${name}`,
    makingKey: 'Making a key…',
    keyMade: 'The key was made on this computer and stays there. Its fingerprint:',
    asking: 'Asking the authority for a certificate…',
    held: 'Waiting until somebody approves',
    heldMore:
      'They compare the fingerprint above with what they are shown: page Security, Join requests, or muster join list. This goes on by itself, also after a restart.',
    leave: 'Stop waiting',
    opening: 'Opening the console…',
    copy: 'Copy the fingerprint',
    home: (folder: string) => `What is set up goes into ${folder}`,
    demo: 'No fleet yet?',
    demoMore:
      'A checkout of Muster starts a fleet to play with, with a broker and agents of its own, and opens a console on it:',
    demoCommand: 'npm run demo',
    demoBroker: 'RabbitMQ, which it needs, is installed here.',
    demoNoBroker: 'It needs RabbitMQ, which is not installed here.',
    tryTitle: 'The console is set up',
    tryMore: 'Two questions to the fleet, to see that everything works.',
    connection: {
      waiting: 'Connecting to the broker…',
      up: 'Connected to the broker',
      down: 'No connection to the broker',
    },
    discovering: 'Asking who is there…',
    discovered: (count: number, ms: number) => `${nodes(count)} answered in ${formatDuration(ms)}`,
    nobody: 'Nobody answered: no agent is connected yet',
    nobodyMore: 'Agents join with an invitation of their own: muster-agent join FILE',
    pinging: (done: number, all: number) => `Pinging: ${formatNumber(done)} of ${nodes(all)} answered`,
    pinged: (done: number, all: number) => {
      if (done !== all) return `${formatNumber(done)} of ${nodes(all)} answered a signed request`;
      return all === 1 ? 'It answered a signed request' : `All ${nodes(all)} answered a signed request`;
    },
    again: 'Ask again',
    start: 'Open the console',
  },
} as const;
