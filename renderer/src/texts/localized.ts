/** The texts of one language with the words of another: the same keys and the same functions, and any text at each. */
export type Localized<T> = T extends string
  ? string
  : T extends (...given: infer Given) => infer Text
    ? (...given: Given) => Localized<Text>
    : { readonly [Key in keyof T]: Localized<T[Key]> };
