// What can be done with a member of staff: the menu, the question before, and the word about it after.
import { ActionIcon, Alert, Menu } from "@mantine/core";
import { IconCircleCheck, IconDots, IconLogout, IconShieldX, IconTrash, IconUserCheck, IconUserOff, type Icon } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useNavigate } from "react-router";
import { deleteMember, disableMember, enableMember, endMemberSessions, resetMemberTwoFactor } from "../../api/calls";
import type { StaffMember } from "../../api/types";
import { ConfirmDialog } from "../../ui/ConfirmDialog";
import { useDialog } from "../../ui/useDialog";
import { useSession } from "../session/session";
import { actionsOn, type MemberAction } from "./memberState";

const ACTIONS: Record<MemberAction, { Icon: Icon; run: (id: string) => Promise<void>; danger?: boolean }> = {
  end_sessions: { Icon: IconLogout, run: endMemberSessions },
  reset_two_factor: { Icon: IconShieldX, run: resetMemberTwoFactor },
  enable: { Icon: IconUserCheck, run: enableMember },
  disable: { Icon: IconUserOff, run: disableMember, danger: true },
  delete: { Icon: IconTrash, run: deleteMember, danger: true },
};

export function useMemberActions(member: StaffMember) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const navigate = useNavigate();
  const { staff } = useSession();
  const asking = useDialog();
  const [action, setAction] = useState<MemberAction>("disable");
  const [done, setDone] = useState<MemberAction | null>(null);
  const offered = actionsOn(member, staff);
  const choose = (chosen: MemberAction) => {
    setAction(chosen);
    setDone(null);
    asking.open();
  };
  const finish = () => {
    asking.close();
    setDone(action);
    if (action === "delete") void navigate("/staff", { replace: true });
    for (const key of ["staff", "member", "member panels", "member sites"]) void client.invalidateQueries({ queryKey: [key] });
  };
  return {
    menu: offered.length === 0 ? null : (
      <Menu position="bottom-end" shadow="md" width={290}>
        <Menu.Target>
          <ActionIcon variant="default" size={42} aria-label={t("staff.actions")}><IconDots size={20} aria-hidden="true" /></ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          {offered.map((one) => {
            const { Icon: Shown, danger } = ACTIONS[one];
            return (
              <Menu.Item
                key={one} className={danger ? "danger-text" : undefined} leftSection={<Shown size={18} aria-hidden="true" />}
                onClick={() => choose(one)}
              >
                {t(`member_action.${one}`)}
              </Menu.Item>
            );
          })}
        </Menu.Dropdown>
      </Menu>
    ),
    word: (
      <div role="status" className="said">
        {done && done !== "delete" ? (
          <Alert role="note" className="note note-good" icon={<IconCircleCheck aria-hidden="true" />}>{t(`member_action.${done}_done`)}</Alert>
        ) : null}
      </div>
    ),
    dialogs: (
      <ConfirmDialog
        key={asking.key} opened={asking.opened} onClose={asking.close} title={t(`member_action.${action}_title`, { name: member.name })}
        text={t(`member_action.${action}_text`, { name: member.name })} action={t(`member_action.${action}_do`)}
        harmless={action === "enable"} run={() => ACTIONS[action].run(member.id)} onDone={finish}
      />
    ),
  };
}
