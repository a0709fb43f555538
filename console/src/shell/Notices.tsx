// Tells of what happened to the company's devices by others, above whatever page is open.
import { Alert, Stack } from "@mantine/core";
import { IconLockOpen2 } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { closeNotice, useNotices } from "../api/notices";

export function Notices() {
  const { t } = useTranslation();
  const notices = useNotices();
  return (
    <Stack role="status" className="notices" gap="sm">
      {notices.map(({ key, name, serial }) => (
        <Alert
          key={key} role="note" className="note note-warn" title={t("notice.title")} icon={<IconLockOpen2 aria-hidden="true" />}
          withCloseButton closeButtonLabel={t("do.close")} onClose={() => closeNotice(key)}
        >
          {t("notice.unbound", { name, serial })}
        </Alert>
      ))}
    </Stack>
  );
}
