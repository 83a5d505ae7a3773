/** How deep the arrays and objects of a JSON text nest, found without recursion; stops counting past `bound`. */
export function textNesting(text: string, bound: number): number {
  let depth = 0;
  let deepest = 0;
  let inString = false;
  for (let index = 0; index < text.length && deepest <= bound; index++) {
    const unit = text.charCodeAt(index);
    if (inString) {
      if (unit === 0x5c) index++;
      else if (unit === 0x22) inString = false;
    } else if (unit === 0x22) inString = true;
    else if (unit === 0x7b || unit === 0x5b) deepest = Math.max(deepest, ++depth);
    else if (unit === 0x7d || unit === 0x5d) depth--;
  }
  return deepest;
}

/** Whether the arrays and objects of a JSON value nest deeper than that many levels, found without recursion. */
export function nestsDeeper(value: unknown, levels: number): boolean {
  const insideOf = (part: unknown): readonly unknown[] =>
    typeof part === 'object' && part !== null ? Object.values(part) : [];
  let level = [value].filter((part) => typeof part === 'object' && part !== null);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth > levels) return true;
    level = level.flatMap(insideOf).filter((part) => typeof part === 'object' && part !== null);
  }
  return false;
}
