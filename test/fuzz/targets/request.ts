import { parseRequest } from '@muster/protocol/messages';
import { goldenMessages } from '../material/frames.ts';
import { messageTarget } from '../material/messages.ts';

const requests = goldenMessages.filter(({ name }) => name === 'request').map(({ message }) => message);

export const openTarget = () =>
  messageTarget({
    about: 'A request as a node takes it: parsed without change, or refused by name.',
    role: 'person',
    parse: parseRequest,
    starts: requests.flatMap((request) => [request, { ...request, target: 'web01.example.com', replyTo: null }]),
  });
