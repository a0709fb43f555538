// A dialog: full screen on phones, named close button, never closed by a slip beside it.
import { Modal } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

interface Properties { opened: boolean; onClose: () => void; title: string; size?: number; children: ReactNode }

export function Dialog({ opened, onClose, title, size = 560, children }: Properties) {
  const { t } = useTranslation();
  const phone = useMediaQuery("(max-width: 600px)", window.innerWidth <= 600);
  return (
    <Modal
      opened={opened} onClose={onClose} title={title} fullScreen={phone} size={size} closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": t("do.close") }}
    >
      {children}
    </Modal>
  );
}
