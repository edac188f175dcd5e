/** The same keys with other texts. */
export type TextsLike<Part> = {
  readonly [Key in keyof Part]: Part[Key] extends string ? string : TextsLike<Part[Key]>;
};
