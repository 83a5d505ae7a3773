/** Which groups each group contains, by whatever tells groups apart. */
export type GroupGraph<K> = ReadonlyMap<K, readonly K[]>;

/**
 * A group that contains itself, with the way back to it: `a, b, a`; null when there is none. Looks at what can be reached
 * from `starts`, in their order. Any depth will do.
 */
export function findCycle<K>(graph: GroupGraph<K>, starts: Iterable<K>): readonly K[] | null {
  const done = new Set<K>();
  for (const start of starts) {
    const way: { readonly group: K; readonly parts: Iterator<K> }[] = [];
    const onTheWay = new Set<K>();
    const enter = (group: K) => {
      onTheWay.add(group);
      way.push({ group, parts: (graph.get(group) ?? []).values() });
    };
    if (!done.has(start)) enter(start);
    for (let at = way.at(-1); at !== undefined; at = way.at(-1)) {
      const next = at.parts.next();
      if (next.done === true) {
        done.add(at.group);
        onTheWay.delete(at.group);
        way.pop();
      } else if (onTheWay.has(next.value)) {
        const groups = way.map(({ group }) => group);
        return [...groups.slice(groups.indexOf(next.value)), next.value];
      } else if (!done.has(next.value)) enter(next.value);
    }
  }
  return null;
}

/** The groups themselves and all that are inside them, each once. */
export function reach<K>(graph: GroupGraph<K>, starts: Iterable<K>): ReadonlySet<K> {
  const reached = new Set(starts);
  // A set that grows while it is walked is walked to its new end.
  for (const group of reached) for (const part of graph.get(group) ?? []) reached.add(part);
  return reached;
}
