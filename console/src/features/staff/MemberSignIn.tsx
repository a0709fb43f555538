// How a member signs in, and since when they are here.
import { Paper, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";
import type { StaffMember } from "../../api/types";
import { LANGUAGES } from "../../texts";
import { formatInstant } from "../../texts/times";

export function MemberSignIn({ member }: { member: StaffMember }) {
  const { t, i18n } = useTranslation();
  const rows: [string, string][] = [
    ["staff.second_factor", t(member.two_factor ? "two_factor.on" : "two_factor.off")],
    ["staff.last_seen", member.last_seen_at ? formatInstant(member.last_seen_at, i18n.language) : t("staff.never_seen")],
    ["staff.here_since", formatInstant(member.created_at, i18n.language)],
    ["nav.language", LANGUAGES[member.language]],
    ["sites.time_zone", member.time_zone],
  ];
  return (
    <Paper className="card" component="section" aria-labelledby="member-sign-in">
      <Title order={2} fz="h4" mb="sm" id="member-sign-in">{t("staff.account")}</Title>
      <dl className="rows">{rows.map(([key, text]) => <div key={key}><dt>{t(key)}</dt><dd>{text}</dd></div>)}</dl>
    </Paper>
  );
}
