import { expect, test } from "vitest";
import { affectedText, incidentTitle, withOthers } from "./incidentText";

const t = (key: string, values?: Record<string, unknown>) => [key, ...Object.values(values ?? {})].join(" ");
const told = { name: "Router", kind: "device_offline" as const, affected: 0, cameras: 0 };

test("a title names the cause and what is wrong with it", () => {
  expect(incidentTitle(t, told)).toBe("Router: exception_kind.device_offline");
  expect(incidentTitle(t, { ...told, kind: "link_offline" })).toBe("Router: incidents.link_offline");
});

test("they are called cameras only where all of them are", () => {
  expect(affectedText(t, told)).toBe("incidents.none_affected");
  expect(affectedText(t, { ...told, affected: 12, cameras: 12 })).toBe("incidents.cameras 12");
  expect(affectedText(t, { ...told, affected: 12, cameras: 11 })).toBe("incidents.devices 12");
});

test("on a site the cause that takes most with it stands first, and what takes nothing is left to the devices", () => {
  expect(withOthers([{ affected: 0 }, { affected: 2 }, { affected: 40 }])).toEqual([{ affected: 40 }, { affected: 2 }]);
});
