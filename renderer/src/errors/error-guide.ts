import type { ErrorCode } from '@muster/protocol/errors';

/** What a person reads when something fails, and what they can do about it when the fault does not say so itself. */
export interface ErrorAdvice {
  readonly title: string;
  readonly mend: string;
}

const advice = (title: string, mend: string): ErrorAdvice => ({ title, mend });

const newerVersion = 'Bring console and agents to the same version, then try again.';
const checkCertificate = 'Check the certificates of the console and of the node, and the authority that both trust.';
const correctFilter = 'Correct the marked part of the filter.';
const reload = 'Reload the window. If it happens again, restart the console.';

/** Every failure that can reach the window. A new code does not compile until it is here. */
export const errorGuide: Readonly<Record<ErrorCode, ErrorAdvice>> = {
  'frame.malformed': advice('A message could not be read', newerVersion),
  'frame.truncated': advice('A message arrived incomplete', 'Run the action again.'),
  'frame.version': advice('A message speaks another version', newerVersion),
  'frame.oversized': advice('A message was too large', 'Ask for less at once, or for fewer nodes.'),
  'frame.compression': advice('A message could not be unpacked', 'Run the action again.'),
  'message.malformed': advice('A message makes no sense', newerVersion),
  'signature.invalid': advice('A signature does not fit', checkCertificate),
  'certificate.untrusted': advice('A certificate is not trusted', checkCertificate),
  'certificate.expired': advice('A certificate has expired', 'Renew the certificate, then connect again.'),
  'certificate.revoked': advice('A certificate was revoked', 'Have another one issued by who keeps the authority.'),
  'certificate.request': advice('A request for a certificate cannot be used', 'Make another one: muster keys new.'),
  'revocations.unreadable': advice(
    'The list of revoked certificates cannot be used',
    'Bring the list of the authority, crl.pem, to where the configuration expects it.',
  ),
  'revocations.stale': advice(
    'The list of revoked certificates is out of date',
    'Write it anew with muster ca crl, and bring it to where the configuration expects it.',
  ),
  'authority.missing': advice('There is no certificate authority', 'Make one: muster ca init FOLDER.'),
  'authority.exists': advice('There is a certificate authority already', 'Choose another folder.'),
  'authority.damaged': advice('The register of the authority is damaged', 'Bring it back from a backup.'),
  'authority.unknown_certificate': advice('There is no such certificate', 'See muster ca list.'),
  'authority.silent': advice('The authority does not answer', 'See that muster ca serve runs, and try again.'),
  'join.unreadable': advice('The invitation cannot be read', 'Have it copied again, whole.'),
  'join.unknown_invitation': advice('There is no such invitation', 'Have another one made: muster ca invite.'),
  'join.not_invited': advice('The invitation is for others', 'Have one made for this name: muster ca invite.'),
  'join.used': advice('The invitation has been used up', 'Have another one made: muster ca invite.'),
  'join.rejected': advice('The request to join was rejected', 'Ask who rejected it.'),
  'join.identity_taken': advice(
    'The name has a certificate already',
    'When the machine was set up anew, approve it with the wish to replace what it had.',
  ),
  'join.key_known': advice('The key was certified before', 'Join with a new key.'),
  'join.full': advice('Too many requests wait for approval', 'Approve or reject some of them first.'),
  'join.not_approver': advice(
    'You may not approve requests to join',
    'Have your name put under "approvers" in the settings of the authority.',
  ),
  'join.unknown_request': advice('The request does not wait any more', 'Look at the list again.'),
  'renewal.too_many': advice('There are too many certificates', 'Revoke those that are not used: muster ca revoke.'),
  'certificate.collective': advice(
    'A certificate does not count in this collective',
    'Have one issued for it, or choose another collective.',
  ),
  'certificate.role': advice('A certificate is for another role', checkCertificate),
  'key.locked': advice('The key is protected', 'Give its passphrase.'),
  'key.wrong_passphrase': advice('That is not the passphrase', 'Try again.'),
  'key.agent': advice('The SSH agent does not sign', 'See that it runs and holds the key: ssh-add -l.'),
  'console.locked': advice('The console is locked', 'Unlock it.'),
  'console.read_only': advice(
    'This console only reads',
    'Start it again without --read-only, where the configuration allows that.',
  ),
  'sender.mismatch': advice('A message names another sender', checkCertificate),
  'request.expired': advice(
    'The request came too late',
    'Run it again, with a longer time to live if nodes are slow to reach.',
  ),
  'request.skewed': advice('The clocks differ', 'Set the clock of this machine and of the node.'),
  'request.replayed': advice('The request was seen before', 'Run the action again: that makes a new request.'),
  'request.unknown_agent': advice(
    'The node has no such agent',
    'Install the agent there, or add @agent=NAME to the filter.',
  ),
  'request.unknown_action': advice('The agent has no such action', 'Bring the agent on the node up to date.'),
  'request.invalid_input': advice('An input does not fit', 'Correct the marked input.'),
  'request.denied': advice('Not allowed', 'Ask whoever keeps the policy of these nodes.'),
  'request.timed_out': advice('The action took too long', 'Try again, or give the action more time.'),
  'request.wrong_collective': advice(
    'The node is in another collective',
    'Choose a collective that the node belongs to.',
  ),
  'sealing.no_recipient': advice(
    'Sensitive inputs cannot be sealed for the node',
    'Start its agent, or bring it up to date: it tells its key then.',
  ),
  'sealing.unreadable': advice(
    'The node cannot open the sensitive inputs',
    'Run the action again: it may have another key now.',
  ),
  'sealing.required': advice('Sensitive inputs came unsealed', 'Bring the console up to date.'),
  'filter.syntax': advice('The filter cannot be read', correctFilter),
  'filter.regex': advice('The regular expression is broken', correctFilter),
  'filter.too_long': advice('The filter is too long', 'Shorten it, or select the nodes by hand.'),
  'filter.too_deep': advice('The filter is nested too deep', 'Remove parentheses that are not needed.'),
  'filter.value': advice('A value does not fit', correctFilter),
  'filter.data_failed': advice('A data plugin could not answer', 'Try again, or leave that condition out.'),
  'filter.needs_fleet': advice(
    'Only the nodes themselves can tell, for the filter asks data plugins',
    'Ask the fleet, or leave that condition out.',
  ),
  'ddl.malformed': advice('The description of an action is broken', 'Correct the DDL file of the agent.'),
  'identity.invalid': advice('This is not a name of a node', 'Use letters, digits, underscores, dots and hyphens.'),
  'config.unreadable': advice(
    'The configuration cannot be read',
    'Check that the file exists and that you may read it.',
  ),
  'config.syntax': advice('The configuration is not valid YAML', 'Correct the line that the message names.'),
  'config.invalid': advice('A setting is wrong', 'Correct the setting that the message names.'),
  'policy.syntax': advice('A policy cannot be understood', 'Correct the line that the message names.'),
  'policy.unreadable': advice('A policy cannot be read', 'Check the file, its owner and its mode.'),
  'policy.signer': advice('Policies were signed by somebody else', 'Have them published by who may sign them there.'),
  'policy.older': advice('The node has newer policies', 'Publish them again, or roll back.'),
  'policy.version': advice('The node does not keep these policies', 'Publish them again.'),
  'facts.unreadable': advice('Facts cannot be read', 'Check the fact files on the node.'),
  'broker.unreachable': advice('The broker does not answer', 'Check the network and the broker. Muster keeps trying.'),
  'broker.refused': advice(
    'The broker refused this console',
    'Check user, password and certificate in the configuration.',
  ),
  'broker.forbidden': advice('The broker does not allow this', 'Check the permissions of your user on the broker.'),
  'broker.closed': advice('The connection was closed', 'Muster connects again by itself.'),
  'broker.unconfirmed': advice(
    'The broker did not confirm',
    'Run it again. Nodes that have it already will not run it twice.',
  ),
  'broker.rejected': advice(
    'The broker would not take the request',
    'The queue of the node is full. Muster tries again until the request expires.',
  ),
  'broker.unroutable': advice('No such node is connected', 'Check the name, or ask the fleet who is there.'),
  'identity.duplicate': advice('Two agents share one name', 'Give each node an identity of its own.'),
  'home.missing': advice('The Muster home is incomplete', 'Check the path, or set the home up anew.'),
  'home.in_use': advice(
    'The Muster home is in use',
    'Close the other Muster that works with it, or choose another home.',
  ),
  'broker.queue_differs': advice(
    'A queue was declared differently before',
    'Delete the queue at the broker, or set the configuration back.',
  ),
  'broker.not_started': advice('The broker did not start', 'Look into its log, then start it again.'),
  'broker.control': advice('The broker did not do what it was told', 'Look into its log, then try again.'),
  'storage.failed': advice('The database refused', 'Try again. If it persists, look into the log of the console.'),
  'storage.corrupt': advice('The database is damaged', 'Restore it from a copy, or move it away to begin anew.'),
  'storage.full': advice('The disk is full', 'Make room, then try again.'),
  'report.unknown': advice('The report is there no more', 'Export it again.'),
  'report.too_large': advice('That is too much to copy', 'Export it into a file, or choose fewer nodes.'),
  'report.interrupted': advice('The report was not finished', 'Export it again.'),
  'evidence.missing': advice('Nothing signed is kept', 'Keep evidence, and start the run again.'),
  'evidence.unreadable': advice('The evidence cannot be read', 'Check the file and its rights.'),
  'audit.unreadable': advice('The audit cannot be read', 'Check its files and their rights.'),
  'run.unknown': advice('There is no such run', 'Look for it in the history.'),
  'run.interrupted': advice(
    'The run was interrupted',
    'Look at the answers that came, then run it again where they are missing.',
  ),
  'run.ended': advice('The run has ended', 'Run it again where that is wanted.'),
  'run.not_ended': advice('The run has not ended', 'Wait for its end, or stop it.'),
  'run.pinned': advice('The run is pinned', 'Unpin it first.'),
  'run.taken': advice('Another console conducts this run', 'Go on there, or close it first.'),
  'run.stopped': advice('The run was stopped', 'Nodes that were not asked are skipped. Use them as a target to go on.'),
  'run.cancelled': advice(
    'The run was cancelled',
    'Nodes that had begun and could not be ended have run it. Those that were not asked are cancelled, too.',
  ),
  'run.too_many_errors': advice(
    'Too many nodes failed',
    'Look why they failed. Nodes that were not asked are skipped: use them as a target to go on.',
  ),
  'run.canary_failed': advice(
    'A canary failed',
    'Look why it failed. All other nodes are as they were: use those that were skipped as a target to go on.',
  ),
  'run.no_targets': advice('No nodes were found', 'Loosen the filter, or ask the fleet who is there.'),
  'runall.unknown': advice('There is no such runall', 'Look at the list of runalls.'),
  'runall.ended': advice('The runall has ended', 'Start another one.'),
  'runall.taken': advice('Another console conducts this runall', 'Go on there, or close it first.'),
  'node.unknown': advice('This node is not in the inventory', 'Check the name, or ask the fleet who is there.'),
  'agent.unknown': advice('No node has this agent', 'Install the agent, or refresh the inventory.'),
  'discovery.unknown_method': advice('There is no such way to find nodes', 'Choose one that the console knows.'),
  'discovery.unsupported': advice('This cannot be found that way', 'Leave the condition out, or ask the fleet.'),
  'discovery.unconfigured': advice('A setting is missing', 'Add the setting that the message names to console.yaml.'),
  'discovery.failed': advice('The source of nodes failed', 'Try again, or ask the fleet instead.'),
  'preset.invalid': advice('The preset cannot be saved like that', 'Correct what the message names.'),
  'preset.unknown': advice('There is no such preset', 'Choose another one; somebody may have removed or renamed it.'),
  'preset.taken': advice('Another preset has this name', 'Choose another name. Upper and lower case are the same.'),
  'preset.malformed': advice(
    'This cannot be imported',
    'Correct the entry that the message names. Nothing was changed.',
  ),
  'group.invalid': advice('The group cannot be saved like that', 'Correct what the message names.'),
  'group.unknown': advice('There is no such group', 'Choose another one; somebody may have removed or renamed it.'),
  'group.taken': advice('Another group has this name', 'Choose another name. Upper and lower case are the same.'),
  'group.cycle': advice(
    'A group would contain itself',
    'Leave one of the groups that the message names out of the other.',
  ),
  'group.in_use': advice('Other groups contain this one', 'Take it out of the groups that the message names first.'),
  'file.unwritable': advice('The file cannot be written', 'Choose another place, or replace what is there.'),
  'file.unreadable': advice('The file cannot be read', 'See who may read it, on the computer of the console.'),
  'list.malformed': advice('The list of nodes cannot be read', 'Put one name on each line.'),
  'usage.invalid': advice('This cannot be used like that', 'Correct what the message names.'),
  'bridge.unknown_endpoint': advice('Window and console differ in version', reload),
  'bridge.invalid_params': advice('The console did not understand the window', reload),
  'bridge.invalid_result': advice('The window did not understand the console', reload),
  'bridge.unknown_stream': advice('News have stopped', 'They resume by themselves.'),
  'bridge.unreachable': advice(
    'The console does not answer',
    'Check that it is still running. This window connects again by itself.',
  ),
  'bridge.forbidden': advice(
    'This window is not connected',
    'Open it with the address that the console printed when it started.',
  ),
  internal: advice(
    'Something inside Muster broke',
    'Try again. If it happens again, please report it with the log of the console.',
  ),
};
