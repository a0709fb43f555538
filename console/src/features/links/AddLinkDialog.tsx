// Makes a link; its code is shown next, once.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { createLink } from "../../api/calls";
import type { LinkCreated } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { NameForm } from "./NameForm";

interface Properties { siteId: string; opened: boolean; onClose: () => void; onCreated: (created: LinkCreated) => void }

export function AddLinkDialog({ siteId, opened, onClose, onCreated }: Properties) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const making = useMutation({
    mutationFn: (name: string) => createLink(siteId, name),
    onSuccess: (created) => {
      void client.invalidateQueries({ queryKey: ["links"] });
      onCreated(created);
    },
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("links.add")} size={480}>
      <NameForm
        name={t("links.name_default")} action={t("links.make_code")} busy={making.isPending} error={making.error}
        onName={(name) => making.mutate(name)} onCancel={onClose}
      />
    </Dialog>
  );
}
