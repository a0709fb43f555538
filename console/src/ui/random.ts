// Random letters from the browser's secure source.

/** `count` letters out of `letters`, each as likely as the others. */
export function randomLetters(letters: string, count: number): string {
  const picked: string[] = [];
  while (picked.length < count) {
    for (const byte of crypto.getRandomValues(new Uint8Array(count))) {
      // Bytes past the last whole multiple would favour the first letters.
      if (picked.length < count && byte < 256 - (256 % letters.length)) picked.push(letters.charAt(byte % letters.length));
    }
  }
  return picked.join("");
}
