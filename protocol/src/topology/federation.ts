import { exchangeName, exchangePurposes, undeliveredExchange, type ExchangePurpose } from './names.ts';
import type { Permissions, TopicPermissions } from './permissions.ts';
import { queuePolicies, type QueuePolicy } from './policies.ts';
import { anyOf, escaped } from './patterns.ts';

/*
 * Two sites, each with a broker of its own: every exchange of a collective is federated with its like at the other site, in both
 * directions. RabbitMQ's federation lets a binding at one site reach for messages at the other, one hop far.
 *
 * It takes no message back to the site that it came from, so requests that die at the other site have a way home of their own. What
 * dies on a federated broker goes to `here`, and from there to `muster.undelivered` as on any other, and to a queue that the other
 * site empties into its `there`, from where it goes to `muster.undelivered` and no further: nothing can go to and fro.
 */

/** Where requests go first that died on a federated broker; topic. The broker alone writes to it. */
export const undeliveredHereExchange = `${undeliveredExchange}.here`;

/** Where requests come in that died at the other site; fanout. The broker alone writes to it. */
export const undeliveredThereExchange = `${undeliveredExchange}.there`;

/** The queue in which requests that died here wait for another site to fetch them. */
export const homewardQueueName = (site: string): string => `undelivered.${site}`;

/** The requests among the dead whose sender wants to hear of it, whoever that is. */
export const allUndelivered = 'undelivered.#';

/** A pattern for the exchanges of collectives that are federated, all of them. */
export const federatedExchanges = (collectives: readonly string[]): string =>
  anyOf(
    ...collectives.flatMap((collective) =>
      exchangePurposes.map((purpose) => escaped(exchangeName(collective, purpose))),
    ),
  );

/** RabbitMQ's own name for the queue in which messages of an exchange wait for another site. */
const linkQueues = (collectives: readonly string[], purpose: ExchangePurpose, site: string): string =>
  `federation: (${collectives.map((collective) => escaped(exchangeName(collective, purpose))).join('|')}) -> ${escaped(site)}`;

/** What the broker of another site may do here: have queues of its own that hear the exchanges, and fetch what goes home. */
export function sitePermissions(site: string, collectives: readonly string[]): Permissions {
  const own = exchangePurposes.map((purpose) => linkQueues(collectives, purpose, site));
  // The exchange before such a queue is called like it, with A or B at the end.
  const links = `(${own.join('|')})( [AB])?`;
  return {
    configure: anyOf(links),
    write: anyOf(links),
    read: anyOf(
      links,
      escaped(homewardQueueName(site)),
      ...collectives.flatMap((collective) =>
        exchangePurposes.map((purpose) => escaped(exchangeName(collective, purpose))),
      ),
    ),
  };
}

/** What the broker of another site may hear: answers to one request at a time, by their full key. */
export const siteTopicPermissions = (collectives: readonly string[]): readonly TopicPermissions[] =>
  collectives.map((collective) => ({
    exchange: exchangeName(collective, 'reply'),
    write: '^$',
    read: anyOf('reply\\.[\\w.-]+\\.[0-9a-f]+'),
  }));

const mebibyte = 1024 * 1024;
const minuteMs = 60_000;

/**
 * What a federated broker adds to queues. What waits for the other site while the link is down has bounds: requests to one node and
 * answers are refused when these are reached, and their sender tries again; of broadcasts and registrations the oldest go.
 */
export function federatedQueuePolicies(collectives: readonly string[], otherSite: string): readonly QueuePolicy[] {
  const link = (purpose: ExchangePurpose, definition: QueuePolicy['definition']): QueuePolicy => ({
    name: `muster-link-${purpose}`,
    pattern: anyOf(linkQueues(collectives, purpose, otherSite)),
    definition,
  });
  const refused = { 'max-length-bytes': 1024 * mebibyte, overflow: 'reject-publish' };
  const toHere = { 'dead-letter-exchange': undeliveredHereExchange };
  return [
    ...queuePolicies.map((policy) =>
      'dead-letter-exchange' in policy.definition
        ? { ...policy, definition: { ...policy.definition, ...toHere } }
        : policy,
    ),
    link('directed', { ...refused, ...toHere }),
    link('reply', refused),
    link('broadcast', { 'max-length-bytes': 64 * mebibyte, overflow: 'drop-head' }),
    link('registry', { 'max-length-bytes': 64 * mebibyte, overflow: 'drop-head', 'message-ttl': 10 * minuteMs }),
  ];
}
