// The rules for a person's password that can be told while typing; the server has the last word.

export type Rule = "length" | "classes" | "user_name";

/** Every rule, and whether the password meets it. */
export function passwordRules(password: string, email: string): { rule: Rule; met: boolean }[] {
  const length = [...password].length;
  const classes = [/\p{Ll}/u, /\p{Lu}/u, /\p{N}/u, /[^\p{L}\p{N}]/u].filter((one) => one.test(password)).length;
  const lower = password.toLowerCase();
  const user = email.trim().toLowerCase();
  return [
    { rule: "length", met: length >= 8 && length <= 64 },
    { rule: "classes", met: classes >= 3 },
    { rule: "user_name", met: lower !== "" && lower !== user && lower !== user.split("@")[0] },
  ];
}
