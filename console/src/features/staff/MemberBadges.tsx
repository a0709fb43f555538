// Whether somebody may sign in, and whether a password alone is enough for it.
import { IconShieldCheck, IconShieldOff, IconUserOff } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { StaffMember } from "../../api/types";

export function MemberBadges({ member }: { member: StaffMember }) {
  const { t } = useTranslation();
  if (member.disabled) {
    return <span className="badge tone-offline"><IconUserOff size={16} stroke={2} aria-hidden="true" />{t("staff.disabled")}</span>;
  }
  const Icon = member.two_factor ? IconShieldCheck : IconShieldOff;
  return (
    <span className={`badge ${member.two_factor ? "tone-healthy" : "tone-unknown"}`}>
      <Icon size={16} stroke={2} aria-hidden="true" />
      {t(member.two_factor ? "staff.two_factor" : "staff.password_only")}
    </span>
  );
}
