// What a device without health monitoring does without.
import { useTranslation } from "react-i18next";

const WHAT = ["poll", "exceptions", "linkage", "upgrade", "back"];

export function Consequences() {
  const { t } = useTranslation();
  return (
    <ul className="plain-text-list">
      {WHAT.map((what) => <li key={what}>{t(`monitoring.means_${what}`)}</li>)}
    </ul>
  );
}
