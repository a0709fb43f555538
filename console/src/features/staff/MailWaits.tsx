// Says that mails do not leave as long as no mail server is set. Only the Installer Admin can look and mend it.
import { Alert, Anchor } from "@mantine/core";
import { IconMailPause } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { Link } from "react-router";
import { listMails } from "../../api/calls";
import { useSession } from "../session/session";

export function MailWaits() {
  const { t } = useTranslation();
  const { staff } = useSession();
  const outbox = useQuery({ queryKey: ["mails", "server"], queryFn: () => listMails({ limit: 1 }), enabled: staff.is_admin });
  if (outbox.data?.server_set !== false) return null;
  return (
    <Alert role="note" className="note note-warn" icon={<IconMailPause aria-hidden="true" />}>
      {t("invitations.mail_waits")} <Anchor component={Link} to="/mail" underline="always">{t("invitations.outbox")}</Anchor>
    </Alert>
  );
}
