// Checks while typing; the server checks again and has the last word.

export function isWebAddress(text: string): boolean {
  return /^https?:\/\/\S+$/i.test(text.trim()) && URL.canParse(text.trim());
}

export function isEmail(text: string): boolean {
  return /^[^\s@]+@[^\s@]+$/.test(text);
}

export function isPort(value: number | string): boolean {
  const port = Number(value);
  return Number.isInteger(port) && port >= 1 && port <= 65_535;
}

/** Whether a text can be a phone number with its country code: `+` and 7 to 15 digits, parted as people write them. */
export function isPhone(text: string): boolean {
  return /^\+[\d\s().-]+$/.test(text.trim()) && /^\d{7,15}$/.test(text.replaceAll(/\D/g, ""));
}
