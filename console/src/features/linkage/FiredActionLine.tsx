// What became of one action of a rule that fired.
import { Text } from "@mantine/core";
import { IconBan, IconCircleCheck, IconClock, IconHelp, IconLoader, IconX, type Icon } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import type { DeviceHealth, LinkageActionState, LinkageFiredAction } from "../../api/types";
import { codeText } from "../../texts/errors";
import { State } from "../devices/State";
import { actionText, type Names } from "./ruleText";

const STATES: Record<LinkageActionState, { tone: DeviceHealth; Icon: Icon }> = {
  waiting: { tone: "unknown", Icon: IconClock },
  running: { tone: "unknown", Icon: IconLoader },
  done: { tone: "healthy", Icon: IconCircleCheck },
  failed: { tone: "offline", Icon: IconX },
  unknown: { tone: "faulty", Icon: IconHelp },
  skipped: { tone: "faulty", Icon: IconBan },
};

export function FiredActionLine({ fired, names }: { fired: LinkageFiredAction; names: Names }) {
  const { t, i18n } = useTranslation();
  const { tone, Icon } = STATES[fired.state];
  const code = fired.error_code;
  const trouble = code && i18n.exists(`linkage_skipped.${code}`) ? t(`linkage_skipped.${code}`) : null;
  return (
    <li>
      <span className="grow">
        <Text span display="block" className="wrap">{actionText(t, fired.action, names)}</Text>
        {code ? <Text span display="block" size="sm" c="dimmed" className="wrap">{trouble ?? codeText(i18n, code, code)}</Text> : null}
      </span>
      <State tone={tone} Icon={Icon} text={t(`linkage_action_state.${fired.state}`)} />
    </li>
  );
}
