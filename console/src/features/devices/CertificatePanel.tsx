// The device shows another certificate than at first: a person decides.
import { Alert, Button } from "@mantine/core";
import { IconShieldExclamation } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { acceptCertificate } from "../../api/calls";
import type { Device } from "../../api/types";
import { ErrorNote } from "../../ui/ErrorNote";

export function CertificatePanel({ device }: { device: Device }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const pending = device.certificate?.pending ?? null;
  const accepting = useMutation({
    mutationFn: (fingerprint: string) => acceptCertificate(device.id, fingerprint),
    onSuccess: (saved) => client.setQueryData(["device", device.id], saved),
  });
  if (!pending) return null;
  return (
    <Alert className="note note-warn" title={t("certificate.title")} icon={<IconShieldExclamation aria-hidden="true" />}>
      {t("certificate.text")}
      <dl className="rows fingerprints">
        <div><dt>{t("certificate.known")}</dt><dd className="mono">{device.certificate?.fingerprint}</dd></div>
        <div><dt>{t("certificate.pending")}</dt><dd className="mono">{pending}</dd></div>
      </dl>
      <ErrorNote error={accepting.error} />
      <Button loading={accepting.isPending} onClick={() => accepting.mutate(pending)}>{t("certificate.accept")}</Button>
    </Alert>
  );
}
