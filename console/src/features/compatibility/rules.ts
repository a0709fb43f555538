// Rules of compatibility as text: what a person types, and files of the platform's own form.
import type { CompatibilityRule } from "../../api/types";

type Lost = CompatibilityRule["lost"][number];

/** What a rule may say that a device lacks. */
export const FUNCTIONS: Lost[] = ["health_monitoring", "linkage_rules", "remote_configuration", "activation", "unbinding"];

const SCHEMA = "siteward/compatibility/1";
/** Fewest characters of a pattern that are no wildcards. */
const FEWEST = 3;

/** Whether a text is a firmware version, such as `4.0` or `V5.7.3 build 220112`. The server has the last word. */
export function isVersion(text: string): boolean {
  return /^v?\d+([.-]\d+){0,5}( ?build ?\d+)?$/i.test(text.trim());
}

/** The patterns of a text, one a line or with commas between them, and the first that would match nearly everything. */
export function modelsOf(text: string): { models: string[]; bad: string | undefined } {
  const models = text.split(/[\n,;]/).map((one) => one.trim()).filter(Boolean);
  const bad = models.find((one) => one.replace(/x+$/, "").replaceAll("x", "").length < FEWEST);
  return { models, bad };
}

/** A file of rules as the settings of the server name one. */
export function toFile(rules: CompatibilityRule[], day: string): string {
  return JSON.stringify({ schema: SCHEMA, as_of: day, rules }, null, 2);
}

/** The rules of such a file; `null` where it is none. */
export function fromFile(text: string): CompatibilityRule[] | null {
  try {
    const file = JSON.parse(text) as { schema?: unknown; rules?: unknown };
    if (file.schema !== SCHEMA || !Array.isArray(file.rules)) return null;
    return file.rules.every(isRule) ? file.rules.map((rule) => ({ ...rule, models: rule.models ?? [] })) : null;
  } catch {
    return null;
  }
}

function isRule(rule: unknown): rule is CompatibilityRule {
  if (typeof rule !== "object" || rule === null) return false;
  const { family, minimum, lost, models = [] } = rule as Record<string, unknown>;
  const isText = (value: unknown) => typeof value === "string";
  return isText(family) && isText(minimum) && Array.isArray(lost) && lost.every(isText) && Array.isArray(models) && models.every(isText);
}
