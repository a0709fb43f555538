// Gives a link another name.
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { renameLink } from "../../api/calls";
import type { Link } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { NameForm } from "./NameForm";

export function RenameLinkDialog({ link, opened, onClose }: { link: Link; opened: boolean; onClose: () => void }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const saving = useMutation({
    mutationFn: (name: string) => renameLink(link.id, name),
    onSuccess: () => {
      void client.invalidateQueries({ queryKey: ["links"] });
      onClose();
    },
  });
  return (
    <Dialog opened={opened} onClose={onClose} title={t("links.rename")} size={480}>
      <NameForm
        name={link.name} action={t("do.save")} busy={saving.isPending} error={saving.error}
        onName={(name) => saving.mutate(name)} onCancel={onClose}
      />
    </Dialog>
  );
}
