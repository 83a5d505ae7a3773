/** The steps of a path such as `os.family`; a backslash takes the next character as it is. */
export function splitPath(path: string): readonly string[] {
  const steps: string[] = [];
  let step = '';
  for (let at = 0; at < path.length; at++) {
    const char = path.charAt(at);
    if (char === '.') {
      steps.push(step);
      step = '';
    } else if (char === '\\' && at + 1 < path.length) {
      at++;
      step += path.charAt(at);
    } else {
      step += char;
    }
  }
  return [...steps, step];
}

/** The path with these steps, whatever characters they hold. */
export function joinPath(steps: readonly string[]): string {
  return steps.map((step) => step.replaceAll(/[\\.]/g, '\\$&')).join('.');
}

/**
 * A look-up of one fact: first the whole path as a name, then step by step, numbers stepping into arrays.
 * Gives `undefined` where there is nothing; inherited properties are nothing.
 */
export function factLookup(path: string): (facts: Readonly<Record<string, unknown>>) => unknown {
  const steps = splitPath(path);
  const wholeName = steps.join('.');
  if (steps.length === 1) return (facts) => (Object.hasOwn(facts, wholeName) ? facts[wholeName] : undefined);
  return (facts) => {
    if (Object.hasOwn(facts, wholeName)) return facts[wholeName];
    return stepInto(facts, steps);
  };
}

/** What the steps lead to inside a value, numbers stepping into arrays; `undefined` where there is nothing. */
export function stepInto(value: unknown, steps: readonly string[]): unknown {
  let inner = value;
  for (const step of steps) {
    if (!isRecord(inner) || !Object.hasOwn(inner, step)) return undefined;
    if (Array.isArray(inner) && !/^\d+$/.test(step)) return undefined;
    inner = inner[step];
  }
  return inner;
}

/** Whether a value is a hash or an array. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
