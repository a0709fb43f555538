// A name in two letters.

/** The first letters of the first and the last word. */
export function initialsOf(name: string): string {
  const words = name.trim().split(/\s+/);
  const letter = (word = "") => Array.from(word)[0]?.toUpperCase() ?? "";
  return letter(words[0]) + (words.length > 1 ? letter(words.at(-1)) : "");
}
