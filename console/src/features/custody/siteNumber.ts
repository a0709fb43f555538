// The number of a site, as its owner reads it out: the id of the site.

const NUMBER = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isSiteNumber(text: string): boolean {
  return NUMBER.test(text.trim());
}
