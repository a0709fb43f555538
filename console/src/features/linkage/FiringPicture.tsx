// A picture that a rule took; large when asked for.
import { UnstyledButton } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { getLinkagePicture } from "../../api/calls";
import type { LinkageFiring } from "../../api/types";
import { Dialog } from "../../ui/Dialog";
import { ErrorNote } from "../../ui/ErrorNote";
import { useDialog } from "../../ui/useDialog";

export function FiringPicture({ firing, position, name }: { firing: LinkageFiring; position: number; name: string }) {
  const { t } = useTranslation();
  const large = useDialog();
  const picture = useQuery({
    queryKey: ["linkage_picture", firing.id, position], queryFn: () => getLinkagePicture(firing.id, position), staleTime: Infinity, gcTime: 0,
  });
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    if (!picture.data) return undefined;
    const made = URL.createObjectURL(picture.data);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [picture.data]);
  if (picture.isError) return <ErrorNote error={picture.error} />;
  if (!address) return <div className="linkage-picture" />;
  const alt = t("linkage.picture_of", { name });
  return (
    <figure className="linkage-shot">
      <UnstyledButton className="linkage-picture" onClick={large.open} aria-label={t("linkage.enlarge", { name })}>
        <img src={address} alt={alt} />
      </UnstyledButton>
      <figcaption aria-hidden="true">{name}</figcaption>
      <Dialog opened={large.opened} onClose={large.close} title={alt} size={960}>
        <img src={address} alt={alt} className="linkage-picture-large" />
      </Dialog>
    </figure>
  );
}
