// What is printed instead of the member's page: on which panels the person still is, and from which they were taken off.
import { createPortal } from "react-dom";
import { useTranslation } from "react-i18next";
import { serverNow } from "../../api/clock";
import type { PanelsOfStaff, StaffMember } from "../../api/types";
import { formatInstant } from "../../texts/times";
import { useSession } from "../session/session";

export function PanelProof({ member, panels }: { member: StaffMember; panels: PanelsOfStaff }) {
  const { t, i18n } = useTranslation();
  const { company, staff } = useSession();
  const at = (instant: string) => formatInstant(instant, i18n.language);
  return createPortal(
    <div className="print-sheet" aria-hidden="true">
      <h1>{t("member_panels.proof_title", { name: member.name })}</h1>
      <p>{company.name} · {member.email}</p>
      <h2>{t("member_panels.proof_on")}</h2>
      {panels.items.length === 0 ? <p>{t("member_panels.proof_on_none")}</p> : (
        <table>
          <thead><tr>{["panel", "site", "user_name", "state"].map((name) => <th key={name}>{t(`member_panels.${name}`)}</th>)}</tr></thead>
          <tbody>
            {panels.items.map((one) => (
              <tr key={one.device_id}>
                <td>{one.device_name || t("devices.unnamed")}</td><td>{one.site_name}</td><td>{one.user_name}</td>
                <td>{t(`account_state.${one.state}`)}, {t("devices.since", { at: at(one.since) })}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <h2>{t("member_panels.removed")}</h2>
      {panels.removed.length === 0 ? <p>{t("member_panels.proof_removed_none")}</p> : (
        <>
          <p>{t("member_panels.removed_hint")}</p>
          <table>
            <thead><tr>{["panel", "serial", "site", "user_name", "removed_at"].map((name) => <th key={name}>{t(`member_panels.${name}`)}</th>)}</tr></thead>
            <tbody>
              {panels.removed.map((one) => (
                <tr key={`${one.device_id} ${one.removed_at} ${one.user_name}`}>
                  <td>{one.device_name || t("devices.unnamed")}</td><td>{one.serial ?? "–"}</td><td>{one.site_name}</td><td>{one.user_name}</td><td>{at(one.removed_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </>
      )}
      <p>{t("member_panels.printed", { at: at(new Date(serverNow()).toISOString()), name: staff.name })}</p>
    </div>,
    document.body,
  );
}
