// What is wrong with a device just now, in one line each.
import { IconAlertTriangle } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceSummary } from "../../api/types";
import { exceptionText } from "./exceptionText";

/** At most `most` of them; how many more there are is told. */
export function OpenFaults({ open, most = Infinity }: { open: DeviceSummary["open_exceptions"]; most?: number }) {
  const { t } = useTranslation();
  if (open.length === 0) return null;
  return (
    <ul className="device-faults">
      {open.slice(0, most).map(({ kind, part }) => (
        <li key={`${kind}/${part}`}>
          <IconAlertTriangle size={16} aria-hidden="true" /> {exceptionText(t, kind, part)}
        </li>
      ))}
      {open.length > most ? <li>+ {open.length - most}</li> : null}
    </ul>
  );
}
