/** A column that holds JSON of one type; only this database writes it, so what is read has the type. */
export const jsonColumn = <T>() => ({
  read: (text: string): T => JSON.parse(text) as T,
  write: (value: T): string => JSON.stringify(value),
});

/** Names of classes, agents and collectives. */
export const namesColumn = jsonColumn<readonly string[]>();
