// One member of staff: who they are, what they may do, where, and the ways to end it.
import { Alert, Stack } from "@mantine/core";
import { IconUserOff } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useParams } from "react-router";
import { getMember } from "../../api/calls";
import { useLive } from "../../api/live";
import type { StaffMember } from "../../api/types";
import { PageHead } from "../../shell/PageHead";
import { ErrorNote } from "../../ui/ErrorNote";
import { LoadingRows } from "../../ui/LoadingRows";
import { rightsText } from "../roles/rights";
import { MemberBadges } from "./MemberBadges";
import { MemberForm } from "./MemberForm";
import { roleName } from "./MemberLine";
import { MemberPanels } from "./MemberPanels";
import { MemberSignIn } from "./MemberSignIn";
import { MemberSites } from "./MemberSites";
import { useMemberActions } from "./useMemberActions";

export function MemberPage() {
  const { t } = useTranslation();
  const { staffId = "" } = useParams();
  useLive();
  const member = useQuery({ queryKey: ["member", staffId], queryFn: () => getMember(staffId) });
  if (member.data) return <MemberView key={staffId} member={member.data} />;
  return (
    <Stack gap="lg">
      {member.isError ? (
        <>
          <PageHead title={t("staff.title")} up={{ to: "/staff", text: t("staff.title") }} />
          <ErrorNote error={member.error} onRetry={() => void member.refetch()} />
        </>
      ) : <LoadingRows />}
    </Stack>
  );
}

function MemberView({ member }: { member: StaffMember }) {
  const { t } = useTranslation();
  const actions = useMemberActions(member);
  return (
    <Stack gap="lg">
      <PageHead
        title={member.name} up={{ to: "/staff", text: t("staff.title") }}
        hint={
          <>
            <div className="wrap">{member.email}</div>
            <div className="card-foot">
              <span className="chip">{roleName(member, t("staff.admin"), t("staff.no_role"))}</span>
              <MemberBadges member={member} />
            </div>
          </>
        }
        actions={actions.menu}
      />
      {actions.word}
      {member.disabled ? (
        <Alert role="note" className="note note-bad" icon={<IconUserOff aria-hidden="true" />}>{t("staff.disabled_note")}</Alert>
      ) : null}
      <div className="two-columns">
        <Stack gap="lg">
          <MemberForm member={member} rights={rightsText(member.rights, t)} />
          <MemberSignIn member={member} />
        </Stack>
        <Stack gap="lg">
          <MemberSites member={member} />
          <MemberPanels member={member} />
        </Stack>
      </div>
      {actions.dialogs}
    </Stack>
  );
}
