/** When repeating what failed can help: never, after a while, or at once. */
export type Retry = 'never' | 'later' | 'now';

/** What a failure costs: one request, the channel it travelled on, or the whole connection. */
export type BlastRadius = 'request' | 'channel' | 'connection';

interface ErrorKind {
  /** One line for whoever reads the catalogue; the fault's own message says what happened this time. */
  readonly meaning: string;
  readonly retry: Retry;
  readonly blast: BlastRadius;
}

const kind = (meaning: string, retry: Retry = 'never', blast: BlastRadius = 'request'): ErrorKind => ({
  meaning,
  retry,
  blast,
});

/** Every failure that Muster can report. Codes are stable: scripts and the window branch on them. */
export const errorCatalogue = {
  'frame.malformed': kind('The bytes are not a Muster frame'),
  'frame.truncated': kind('The frame ends before its declared length'),
  'frame.version': kind('The frame has a version that this build does not speak'),
  'frame.oversized': kind('The frame, or what it unpacks to, is larger than its limit'),
  'frame.compression': kind('The compressed body cannot be unpacked'),
  'message.malformed': kind('The body is not a message of the declared kind'),
  'signature.invalid': kind('The signature does not fit the bytes'),
  'certificate.untrusted': kind('The certificate was not issued by a trusted authority'),
  'certificate.expired': kind('The certificate is not valid at this time'),
  'certificate.role': kind('The certificate names another role than this message needs'),
  'sender.mismatch': kind('The message names another sender than its certificate'),
  'request.expired': kind('The request is older than its time to live'),
  'request.skewed': kind('The request comes from the future: the clocks differ'),
  'request.replayed': kind('The request was seen before'),
  'request.unknown_agent': kind('The node has no such agent'),
  'request.unknown_action': kind('The agent has no such action'),
  'request.invalid_input': kind('An input does not fit the DDL'),
  'request.denied': kind('The policy of the node does not allow it'),
  'request.timed_out': kind('The action overran its time limit', 'later'),
  'request.wrong_collective': kind('The node is not in the collective that the request names'),
  'filter.syntax': kind('The filter cannot be parsed'),
  'filter.regex': kind('A regular expression in the filter is broken'),
  'filter.too_long': kind('The filter is longer than its limit'),
  'filter.too_deep': kind('The filter is nested deeper than its limit'),
  'filter.value': kind('A value in the filter does not fit what it is compared with'),
  'filter.data_failed': kind('A data plugin could not answer', 'later'),
  'filter.needs_fleet': kind('Only the nodes themselves can tell, for the filter asks data plugins'),
  'ddl.malformed': kind('The DDL does not fit its schema'),
  'identity.invalid': kind('The name is not a valid identity'),
  'config.unreadable': kind('The configuration file cannot be read'),
  'config.syntax': kind('The configuration file is not valid YAML'),
  'config.invalid': kind('A setting is unknown or has a value that does not fit'),
  'facts.unreadable': kind('A fact source cannot be read', 'later'),
  'broker.unreachable': kind('No broker answers', 'later', 'connection'),
  'broker.refused': kind('The broker refused the credentials or the certificate', 'never', 'connection'),
  'broker.forbidden': kind('The broker refused an operation: permissions', 'never', 'channel'),
  'broker.closed': kind('The connection to the broker is closed', 'later', 'connection'),
  'broker.unconfirmed': kind('The broker did not confirm the message', 'later', 'channel'),
  'broker.rejected': kind('The broker would not take the message: the queue is full', 'later'),
  'broker.unroutable': kind('No queue takes the message: unknown node', 'later'),
  'broker.queue_differs': kind('The queue is there already, declared differently', 'never', 'channel'),
  'broker.not_started': kind('The private broker did not start', 'later'),
  'identity.duplicate': kind('Another agent is connected under this identity', 'later', 'channel'),
  'home.missing': kind('The Muster home has no such file'),
  'home.in_use': kind('Another process works on this Muster home', 'later'),
  'storage.failed': kind('The local database refused the operation', 'later'),
  'storage.corrupt': kind('The local database is damaged'),
  'storage.full': kind('The disk is full', 'later'),
  'run.unknown': kind('There is no such run'),
  'run.interrupted': kind('The console stopped before the run had ended'),
  'run.ended': kind('The run has ended'),
  'run.taken': kind('Another console conducts the run'),
  'run.stopped': kind('A person stopped the run before all its nodes were asked'),
  'run.cancelled': kind('A person cancelled the run'),
  'run.too_many_errors': kind('More nodes failed than the run allows, so no further ones were asked'),
  'run.canary_failed': kind('A canary did not answer ok, so no further nodes were asked'),
  'run.no_targets': kind('No node was discovered, so no request was sent'),
  'runall.unknown': kind('There is no such runall'),
  'runall.ended': kind('The runall has ended'),
  'runall.taken': kind('Another console conducts the runall'),
  'node.unknown': kind('There is no such node in the inventory'),
  'agent.unknown': kind('There is no such agent in the fleet'),
  'discovery.unknown_method': kind('There is no such way to find nodes'),
  'discovery.unsupported': kind('The filter asks what this way to find nodes cannot tell'),
  'discovery.unconfigured': kind('The way to find nodes lacks a setting'),
  'discovery.failed': kind('The source of nodes did not answer as it should', 'later'),
  'preset.invalid': kind('The preset cannot be saved like that'),
  'preset.unknown': kind('There is no such preset'),
  'preset.taken': kind('Another preset has this name'),
  'preset.malformed': kind('The document with presets and groups cannot be taken over'),
  'group.invalid': kind('The group cannot be saved like that'),
  'group.unknown': kind('There is no such group'),
  'group.taken': kind('Another group has this name'),
  'group.cycle': kind('A group would contain itself'),
  'group.in_use': kind('Other groups contain this one'),
  'file.unwritable': kind('The file cannot be written'),
  'list.malformed': kind('The list of nodes cannot be read'),
  'usage.invalid': kind('The command line cannot be understood'),
  'bridge.unknown_endpoint': kind('There is no such call'),
  'bridge.invalid_params': kind('The parameters of a call do not fit its schema'),
  'bridge.invalid_result': kind('The result of a call does not fit its schema'),
  'bridge.unknown_stream': kind('The stream was closed or never opened'),
  'bridge.unreachable': kind('The engine behind the window does not answer', 'later', 'connection'),
  'bridge.forbidden': kind('The caller may not use the bridge'),
  internal: kind('A promise inside Muster was broken'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof errorCatalogue;
