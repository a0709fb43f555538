// The secret of the second factor, as a person types it off.

/** In groups of four. */
export function grouped(secret: string): string {
  return secret.replaceAll(/\s/g, "").replaceAll(/(.{4})(?=.)/g, "$1 ");
}
