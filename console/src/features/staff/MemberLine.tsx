// One person in the list: who, what they may do, how they sign in, and how far they reach.
import { Avatar, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import type { StaffMember } from "../../api/types";
import { formatAge, secondsSince } from "../../texts/times";
import { initialsOf } from "../../ui/initials";
import { useNow } from "../../ui/useNow";
import { rightsText } from "../roles/rights";
import { useSession } from "../session/session";
import { MemberBadges } from "./MemberBadges";

export function MemberLine({ member }: { member: StaffMember }) {
  const { t } = useTranslation();
  const { staff } = useSession();
  const now = useNow(30_000);
  const everywhere = member.rights.includes("manage_all_sites");
  const seen = member.last_seen_at ? t("staff.seen", { age: formatAge(secondsSince(member.last_seen_at, now), t) }) : t("staff.never_seen");
  return (
    <li className={`line member${member.disabled ? " member-off" : ""}`}>
      <Avatar size={44} radius="xl" className="initials" aria-hidden="true">{initialsOf(member.name)}</Avatar>
      <div className="member-who">
        <div className="member-name">
          <Link to={`/staff/${member.id}`} className="line-name">{member.name}</Link>
          {member.id === staff.id ? <span className="quiet-text">{t("staff.you")}</span> : null}
        </div>
        <Text size="sm" c="dimmed" className="wrap">{member.email}</Text>
      </div>
      <div className="member-role">
        <Text fw={600} size="sm" className="wrap">{roleName(member, t("staff.admin"), t("staff.no_role"))}</Text>
        <Text size="sm" c="dimmed">{rightsText(member.rights, t)}</Text>
      </div>
      <div className="member-state">
        <MemberBadges member={member} />
        <Text size="sm" c="dimmed">{seen}</Text>
        <Text size="sm" c="dimmed">
          {everywhere ? t("right.manage_all_sites") : t("staff.sites", { count: member.sites })}
          {" · "}{t("staff.panels", { count: member.panel_accounts })}
        </Text>
      </div>
    </li>
  );
}

export function roleName(member: StaffMember, admin: string, none: string): string {
  return member.is_admin ? admin : (member.role?.name ?? none);
}
